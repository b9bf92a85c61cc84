import type { ConfigValue } from '../../config/options/types.ts';
import type { ThemeName } from '../../tui/look/theme.ts';

/** The options of every command line that talks to a cluster. Undefined: not given. */
export interface ConnectionOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  /** `-Dkey=value`, in order. */
  readonly properties: Readonly<Record<string, ConfigValue>>;
  readonly flinkVersion: string | undefined;
  /** The file that gets a line per request. */
  readonly trace: string | undefined;
}

/** The looks of a screen or a line mode. Undefined: as in the settings. */
export interface FrontOptions {
  readonly plain: boolean;
  readonly readOnly: boolean;
  readonly ascii: boolean | undefined;
  readonly motion: boolean | undefined;
  readonly theme: ThemeName | undefined;
}

/** The formats of a list; `name`: one name or id per line, for loops of a shell. */
export const outputFormats = ['text', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** The formats for the result of a command. */
export const resultFormats = ['text', 'wide', 'json', 'yaml'] as const;

/** The formats of what is wrong; `markdown`: for the channel of an incident. */
export const reportFormats = [...resultFormats, 'markdown'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The formats of objects for kubectl. */
export const objectFormats = ['yaml', 'json'] as const;
export type ObjectFormat = (typeof objectFormats)[number];
