import { levelOf } from './levels.ts';

/** Why logback would not do what this file says. It takes a level that it does not know for DEBUG. */
export function logbackFaults(text: string): readonly string[] {
  const bare = text.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '');
  const levels = [...bare.matchAll(/<(?:root|logger)\b[^>]*?\slevel\s*=\s*["']([^"']*)["']/g)].flatMap(([, word = '']) =>
    isLevel(word) ? [] : [`"${word}" is not a log level, and logback would write everything from DEBUG on.`],
  );
  const appenders = new Set([...bare.matchAll(/<appender\b[^>]*?\sname\s*=\s*["']([^"']*)["']/g)].map(([, name]) => name));
  const references = [...bare.matchAll(/<appender-ref\b[^>]*?\sref\s*=\s*["']([^"']*)["']/g)].flatMap(([, name = '']) =>
    appenders.has(name) ? [] : [`the appender "${name}" does not exist.`],
  );
  const open = unclosed(bare);
  return [
    ...(open === undefined ? [] : [open]),
    ...(/<root\b/.test(bare) ? [] : ['there is no root logger: nothing would be written.']),
    ...levels,
    ...references,
  ];
}

/** What the environment says is not known. FATAL is a level of log4j alone; INHERITED and NULL mean the level of the parent. */
const isLevel = (word: string): boolean => {
  const filled = /^\$\{[^{}]*:-([^{}]*)\}$/.exec(word)?.[1] ?? word;
  return filled.includes('${') || (levelOf(filled) !== undefined && levelOf(filled) !== 'FATAL') || /^(?:inherited|null)$/i.test(filled);
};

/** The first element that is not closed, or closed without being open. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (const [tag, slash, name = '', rest = ''] of text.matchAll(/<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^"'<>])*)>|</g)) {
    if (tag === '<') return 'a "<" begins no element.';
    if (slash === '/') {
      if (open.pop() !== name) return `</${name}> closes an element that is not open.`;
    } else if (!rest.endsWith('/')) open.push(name);
  }
  const last = open.at(-1);
  return last === undefined ? undefined : `<${last}> is not closed.`;
}
