import type { ConfigValue } from '../../config/options/types.ts';
import type { ThemeName } from '../../tui/look/theme.ts';

/** What every command line that talks to a cluster takes. Undefined: not given. */
export interface ConnectionOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  /** `-Dkey=value`, in order. */
  readonly properties: Readonly<Record<string, ConfigValue>>;
  readonly flinkVersion: string | undefined;
  /** File that gets a line per request. */
  readonly trace: string | undefined;
}

/** How a screen or a line mode should look. Undefined: as the settings say. */
export interface FrontOptions {
  readonly plain: boolean;
  readonly readOnly: boolean;
  readonly ascii: boolean | undefined;
  readonly motion: boolean | undefined;
  readonly theme: ThemeName | undefined;
}

/** How a list can be printed; `name`: one name or id a line, for a shell's loops. */
export const outputFormats = ['text', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** How the result of a command can be printed. */
export const resultFormats = ['text', 'wide', 'json', 'yaml'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** How objects for kubectl can be printed. */
export const objectFormats = ['yaml', 'json'] as const;
export type ObjectFormat = (typeof objectFormats)[number];
