/** A part of a word. What is quoted is neither divided nor a pattern. */
export type Part = { readonly quoted: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly change: Change | undefined }
  | { readonly kind: 'output'; readonly of: Script }
  | { readonly kind: 'sum'; readonly word: Word }
);

/** `${name%%word}`. */
export interface Change {
  readonly how: '%' | '%%' | '#' | '##' | ':-' | '-' | ':=' | ':+' | '+';
  readonly word: Word;
}

export type Word = readonly Part[];

export interface Redirection {
  readonly stream: number;
  readonly how: '<' | '>' | '>>' | '>&';
  readonly target: Word;
}

export interface Simple {
  readonly kind: 'simple';
  readonly variables: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

export interface Clause {
  readonly condition: Script;
  readonly body: Script;
}

export type Command =
  | Simple
  | { readonly kind: 'define'; readonly name: string; readonly body: Command }
  | ({ readonly redirections: readonly Redirection[] } & (
      | { readonly kind: 'if'; readonly clauses: readonly Clause[]; readonly otherwise: Script | undefined }
      | { readonly kind: 'loop'; readonly until: boolean; readonly clause: Clause }
      | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: Script }
      | {
          readonly kind: 'case';
          readonly subject: Word;
          readonly cases: readonly { readonly patterns: readonly Word[]; readonly body: Script }[];
        }
      | { readonly kind: 'group'; readonly apart: boolean; readonly body: Script }
    ));

export interface Pipeline {
  readonly not: boolean;
  readonly commands: readonly Command[];
}

/** `a && b || c`. */
export interface Chain {
  readonly pipelines: readonly { readonly after: '&&' | '||' | undefined; readonly pipeline: Pipeline }[];
}

export type Script = readonly Chain[];

/** The text is not a script. `unfinished`: more of it may make it one. */
export class SyntaxProblem extends Error {
  readonly unfinished: boolean;

  constructor(message: string, unfinished: boolean) {
    super(message);
    this.unfinished = unfinished;
  }
}
