/** Leaves what is being run: a round of a loop, the loop, a function, or the shell. */
export class Leave extends Error {
  readonly what: 'round' | 'loop' | 'function' | 'shell';
  readonly code: number;

  constructor(what: Leave['what'], code: number) {
    super(what);
    this.what = what;
    this.code = code;
  }
}

export const leave = (what: Leave['what'], code: number): never => {
  throw new Leave(what, code);
};
