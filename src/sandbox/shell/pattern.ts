import type { Disk } from './disk.ts';

/**
 * Patterns of file names. In their text a backslash makes the sign after it literal, which is how quoted text gets into them.
 */
export const literal = (text: string): string => text.replace(/[\\*?[]/g, '\\$&');

/** The text without its backslashes. */
export const plain = (pattern: string): string => pattern.replace(/\\([^])/g, '$1');

export const isPattern = (pattern: string): boolean => /(?:^|[^\\])(?:\\\\)*[*?[]/.test(pattern);

/** The source of an expression that matches what the pattern does. */
export function expressionOf(pattern: string): string {
  return pattern.replace(/\\([^])|\[[!^]?\]?[^\]]*\]|[^]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escapedSign(escaped);
    if (found === '*') return '[^]*';
    if (found === '?') return '[^]';
    if (found.length > 1) return found.replace(/^\[[!^]/, '[^').replace(/\\/g, '\\\\');
    return escapedSign(found);
  });
}

const escapedSign = (sign: string): string => sign.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');

export const matches = (pattern: string, text: string): boolean => new RegExp(`^(?:${expressionOf(pattern)})$`).test(text);

/** The paths that a pattern names, in their order; none if there is none. */
export function pathsOf(disk: Disk, cwd: string, pattern: string): readonly string[] {
  const parts = pattern.split('/');
  const absolute = pattern.startsWith('/');
  let found: readonly { readonly shown: string; readonly path: string }[] = [{ shown: absolute ? '/' : '', path: absolute ? '/' : cwd }];
  for (const part of parts.filter((each) => each !== '')) {
    found = found.flatMap(({ shown, path }) => {
      const under = (name: string) => ({ shown: `${shown}${name}/`, path: path === '/' ? `/${name}` : `${path}/${name}` });
      if (part === '.' || part === '..')
        return [{ shown: `${shown}${part}/`, path: part === '.' ? path : path.replace(/\/[^/]*$/, '') || '/' }];
      if (!isPattern(part)) return [under(plain(part))];
      return disk
        .list(path)
        .filter((name) => (!name.startsWith('.') || part.startsWith('.')) && matches(part, name))
        .map(under);
    });
  }
  return found.filter(({ path }) => disk.look(path) !== undefined).map(({ shown }) => shown.replace(/\/$/, ''));
}
