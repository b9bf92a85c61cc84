import * as z from 'zod';
import { actionIds, defaultKeys } from '../state/keys.ts';
import { themeNames } from '../look/theme.ts';

const keyName = z
  .string()
  .regex(
    /^(?:(?:ctrl|alt|shift)\+)*(?:\S|enter|esc|tab|space|up|down|left|right|home|end|pageup|pagedown|backspace|delete)$/u,
    'is not a name of a key, like j, ctrl+r or pagedown',
  );

const keys = z.strictObject(
  Object.fromEntries(
    actionIds.map((id) => [
      id,
      z
        .array(keyName, 'is not a list of keys, like ["j", "ctrl+r"]')
        .describe(`${defaultKeys[id].summary}. Default: ${defaultKeys[id].keys.join(', ')}`)
        .optional(),
    ]),
  ),
);

const onOrOff = () => z.boolean('is not true or false');
const lineCount = 'is not a whole number from 1000 to 1000000';

/** The settings file. Missing settings have their default. */
export const settingsSchema = z
  .strictObject({
    $schema: z.string('is not a text').optional().describe('Location of this schema, for editors.'),
    theme: z
      .enum(themeNames, `is not one of ${themeNames.join(', ')}`)
      .optional()
      .describe('Colours. Default: dark, or light if the terminal says that its background is.'),
    ascii: onOrOff().optional().describe('Use ASCII characters only. Default: as the locale says.'),
    motion: onOrOff().default(true).describe('Animate progress indicators.'),
    mouse: onOrOff().default(false).describe('The wheel scrolls and a click selects; the terminal cannot select text meanwhile.'),
    logLines: z.int(lineCount).min(1_000, lineCount).max(1_000_000, lineCount).optional().describe('Lines that each log keeps in memory.'),
    keepLogs: onOrOff()
      .default(true)
      .describe(
        'Write the logs that are followed to disk, so that they outlive their pods; for 14 days, 128 MB a pod and 2 GB in all at most.',
      ),
    logStamps: z
      .enum(['time', 'before', 'off'], 'is not one of time, before, off')
      .default('time')
      .describe('What stands before a line of the log at the start: its time, how long after the line before it is, or nothing.'),
    logZone: z.enum(['local', 'utc'], 'is not one of local, utc').default('local').describe('The time zone of the log at the start.'),
    record: onOrOff()
      .default(true)
      .describe(
        'Record what the session shows, so that rewind can show it as it was; for 14 days, 256 MB a cluster and 1 GB in all at most.',
      ),
    keys: keys.default({}).describe('Other keys for an action. Binding a key removes it from any other action in the same place.'),
  })
  .describe('Settings of drey: $XDG_CONFIG_HOME/drey/settings.json');

/** The schema for docs/settings.schema.json and for editors. */
export const settingsJsonSchema = (): unknown => z.toJSONSchema(settingsSchema, { io: 'input' });

export interface ReadSettings {
  readonly settings: z.infer<typeof settingsSchema>;
  /** The problems, such as `theme is not one of …`; these settings are ignored, all others apply. */
  readonly problems: readonly string[];
}

/** Reads the content of a settings file. */
export function readSettings(data: Readonly<Record<string, unknown>>): ReadSettings {
  const result = settingsSchema.safeParse(data);
  if (result.success) return { settings: result.data, problems: [] };
  const faults = result.error.issues.flatMap(faultsOf);
  const rest = faults.reduce<Readonly<Record<string, unknown>>>((kept, { path }) => without(kept, path), data);
  return { settings: settingsSchema.parse(rest), problems: faults.map(({ sentence }) => sentence) };
}

interface Fault {
  /** The smallest part that can be left out: a setting, or the keys of an action. */
  readonly path: readonly string[];
  readonly sentence: string;
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], sentence: `${[...path, key].join('.')} is not a setting` }));
  const name = path.slice(0, path[0] === 'keys' ? 2 : 1);
  return [
    {
      path: name,
      sentence: `${name.join('.')} ${issue.code === 'invalid_type' && name.join() === 'keys' ? 'is not an object of actions and their keys' : issue.message}`,
    },
  ];
}

function without(data: Readonly<Record<string, unknown>>, [name = '', ...rest]: readonly string[]): Readonly<Record<string, unknown>> {
  const { [name]: value, ...others } = data;
  return rest.length === 0 || typeof value !== 'object' || value === null
    ? others
    : { ...others, [name]: without(value as Readonly<Record<string, unknown>>, rest) };
}
