import { useFrame, useNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { tableTitles, type TableName } from '../state/layout.ts';
import { tableFacts, tableScroll, tableTitle, type Counts, type TableState } from '../rows/table.ts';
import { tableRows } from '../state/table-rows.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty } from './base/rows.tsx';
import { Table, type TableProps } from './base/table.tsx';

interface TablePanelProps<View extends TableName> extends PanelProps, Pick<TableProps<View>, 'toneOf'> {
  readonly view: View;
  /** The rows are known, even if there are none. */
  readonly known: boolean;
  readonly counts?: Counts<View>;
  /** Objects that need attention, after the count. */
  readonly trouble?: string;
  /** What its drawings mean, after that. */
  readonly legend?: string;
  /** The data is old. */
  readonly dimmed?: boolean;
  /** Shown if there are no rows, without and with a filter. */
  readonly empty: string;
  readonly noMatch: (filter: string) => string;
}

/** A table in its panel; the title shows the order, the count of rows and the filter. */
export function TablePanel<View extends TableName>(props: TablePanelProps<View>) {
  const { view, area, known, counts, trouble = '', legend = '', dimmed = false, empty, noMatch, ...table } = props;
  const look = useLook();
  const now = useNow();
  const list = useFrame(({ ui }) => ui.lists[view]);
  const rows = useFrame((frame) => tableRows(frame, view, frame.ui.lists[view]));
  const state: TableState<View> = { view, rows, list, now, look };
  const counted = [...tableFacts(state, Math.max(1, area.height - 3), known, counts), trouble].filter((fact) => fact !== '').join(' · ');
  const facts = [counted, legend].filter((fact) => fact !== '').join('   ');
  return (
    <Panel
      name={view}
      area={area}
      title={tableTitle(tableTitles[view], list)}
      facts={facts}
      dimmed={dimmed}
      empty={rows.shown.length === 0}
      scroll={tableScroll(state, area.height - 2)}
    >
      {rows.shown.length > 0 ? (
        <Table state={state} {...table} />
      ) : (
        <Empty sentence={list.filter === undefined ? empty : noMatch(list.filter.text)} />
      )}
    </Panel>
  );
}
