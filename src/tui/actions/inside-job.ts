import { jobSettingId } from '../../session/tables/job-settings.ts';
import { tableRows } from '../state/table-rows.ts';
import type { App } from './app.ts';
import { nothingSelected, openText } from './panels.ts';

/** Enter on a setting of a job. */
export function openJobSetting(app: App): void {
  const list = app.ui.lists['job-settings'];
  const row = tableRows(app.frame(), 'job-settings', list).shown.find((each) => jobSettingId(each) === list.selected);
  if (row === undefined) nothingSelected(app, 'job-settings');
  else openText(app, row.key, row.value.split('\n'));
}
