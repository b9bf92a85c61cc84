import type { Command } from './syntax.ts';

/** What a shell remembers. */
export class ShellState {
  readonly name: string;
  readonly functions: Map<string, Command>;
  readonly variables: Map<string, string>;
  positional: readonly string[];
  folder: string;
  /** The exit code of what ran last. */
  status = 0;

  constructor({
    name,
    positional,
    folder,
    variables,
    functions,
  }: Pick<ShellState, 'name' | 'positional' | 'folder' | 'variables' | 'functions'>) {
    this.name = name;
    this.positional = positional;
    this.folder = folder;
    this.variables = new Map(variables);
    this.functions = new Map(functions);
  }

  copy(): ShellState {
    const copy = new ShellState(this);
    copy.status = this.status;
    return copy;
  }

  enter(folder: string): void {
    this.folder = folder;
    this.variables.set('PWD', folder);
  }

  /** `$1`, `$#` and `$?` are variables, too. */
  variable(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '#':
        return String(this.positional.length);
      case '@':
      case '*':
        return this.positional.join(' ');
      case '$':
        return '42';
      case '0':
        return this.name;
      default:
        return /^\d+$/.test(name) ? this.positional[Number(name) - 1] : this.variables.get(name);
    }
  }
}
