import * as z from 'zod';
import { actionIds, defaultKeys } from './keys.ts';
import { themeNames } from './theme.ts';

const keyName = z.string().regex(/^(?:(?:ctrl|alt|shift)\+)*(?:\S|enter|esc|tab|space|up|down|left|right|home|end|pageup|pagedown|backspace|delete)$/u, 'is no name of a key, like j, ctrl+r or pagedown');

const keys = z.strictObject(Object.fromEntries(actionIds.map((id) => [id, z.array(keyName).describe(`${defaultKeys[id].summary}. Default: ${defaultKeys[id].keys.join(', ')}`).optional()])));

/** The settings file. What is absent has its default. */
export const settingsSchema = z.strictObject({
  $schema: z.string().optional().describe('Where this schema is, for an editor.'),
  theme: z.enum(themeNames).optional().describe('Colours. Default: dark, or light where the terminal says that its background is.'),
  ascii: z.boolean().optional().describe('Only ASCII signs. Default: as the locale says.'),
  motion: z.boolean().default(true).describe('Signs may turn beside what is waited for.'),
  mouse: z.boolean().default(false).describe('The wheel scrolls and a click selects; the terminal cannot select text meanwhile.'),
  logLines: z.int().min(1_000).max(1_000_000).optional().describe('Lines that each log keeps.'),
  keys: keys.default({}).describe('Other keys for an action. A key that another action of the same place had is taken from it.'),
}).describe('Settings of drey: $XDG_CONFIG_HOME/drey/settings.json');

/** The schema for docs/settings.schema.json and for editors. */
export const settingsJsonSchema = (): unknown => z.toJSONSchema(settingsSchema, { io: 'input' });

/** Each issue as `theme: Invalid option …`. */
export function readIssues(error: z.ZodError): readonly string[] {
  return error.issues.map(({ path, message, ...issue }) => {
    if (issue.code === 'unrecognized_keys') return `unknown setting ${[...path, issue.keys.join(', ')].join('.')}`;
    return `${path.join('.')} ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  });
}
