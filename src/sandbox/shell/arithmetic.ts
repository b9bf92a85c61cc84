/** A sum of the shell: whole numbers, the usual signs and parentheses. Throws an `ArithmeticProblem`. */
export function sumOf(text: string, valueOf: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|&&|\|\||[<>=!]=|[-+*/%()<>!]|\S/g) ?? [];
  let at = 0;
  const take = (...signs: readonly string[]): string | undefined => {
    const token = tokens[at];
    if (token === undefined || !signs.includes(token)) return undefined;
    at += 1;
    return token;
  };
  const single = (): number => {
    if (take('-') !== undefined) return -single();
    if (take('+') !== undefined) return single();
    if (take('!') !== undefined) return Number(single() === 0);
    if (take('(') !== undefined) {
      const inside = level(0);
      if (take(')') === undefined) throw new ArithmeticProblem(text);
      return inside;
    }
    const token = tokens[at] ?? '';
    at += 1;
    if (/^\d+$/.test(token)) return Number(token);
    if (!/^\w+$/.test(token)) throw new ArithmeticProblem(text);
    const value = valueOf(token).trim();
    if (!/^-?\d*$/.test(value)) throw new ArithmeticProblem(text);
    return Number(value);
  };
  const level = (depth: number): number => {
    const signs = levels[depth];
    if (signs === undefined) return single();
    let left = level(depth + 1);
    for (let sign = take(...signs); sign !== undefined; sign = take(...signs)) left = calculated(left, sign, level(depth + 1), text);
    return left;
  };
  if (tokens.length === 0) return 0;
  const result = level(0);
  if (at < tokens.length) throw new ArithmeticProblem(text);
  return result;
}

export class ArithmeticProblem extends Error {
  constructor(text: string) {
    super(`arithmetic expression: "${text.trim()}" cannot be calculated`);
  }
}

const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];

function calculated(a: number, sign: string, b: number, text: string): number {
  if (b === 0 && (sign === '/' || sign === '%')) throw new ArithmeticProblem(text);
  const results: Readonly<Record<string, number>> = {
    '||': Number(a !== 0 || b !== 0),
    '&&': Number(a !== 0 && b !== 0),
    '==': Number(a === b),
    '!=': Number(a !== b),
    '<': Number(a < b),
    '<=': Number(a <= b),
    '>': Number(a > b),
    '>=': Number(a >= b),
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': Math.trunc(a / b),
    '%': a % b,
  };
  return results[sign] ?? 0;
}
