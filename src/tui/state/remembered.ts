/** Keeps the last result while its inputs are the same. */
export function remembered<Args extends readonly unknown[], Result>(make: (...args: Args) => Result): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | undefined;
  return (...args) => {
    if (last !== undefined && last.args.every((value, index) => Object.is(value, args[index]))) return last.result;
    last = { args, result: make(...args) };
    return last.result;
  };
}
