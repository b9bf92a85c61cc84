import { splitAtSgr, withoutSgr } from '../../support/sgr.ts';
import { layoutsOf } from './console-layouts.ts';
import { readJsonEntry } from './json-entry.ts';
import { type EntryHead, type Layout, readHead } from './layout.ts';

/**
 * The layouts that logs of Flink usually have: those of its own files (conf/log4j-console.properties and logback-console.xml, Flink 2.3),
 * that of versions before 1.11, and those of programs that run beside it.
 */
const usualLayouts: readonly Layout[] = layoutsOf([
  '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n',
  '%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{60} %X{sourceThread} - %msg%n',
  '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%t] %c %x - %m%n',
  '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %c %x - %m%n',
  '%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{60} - %msg%n',
  '%d{yyyy-MM-dd HH:mm:ss.SSS} %5p %pid --- [%t] %logger : %m%n',
  "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p %pid --- [%t] %logger : %m%n",
]);

/** Reads the first line of an entry by the layouts of its cluster, by the usual ones, or as JSON; undefined for any other line. */
export function readEntry(line: string, layouts: readonly Layout[]): EntryHead | undefined {
  if (!line.includes('\u001b')) return readBare(line, layouts);
  const bare = withoutSgr(line);
  const read = readBare(bare, layouts);
  return read === undefined || !bare.endsWith(read.message) ? read : { ...read, message: endOf(line, bare.length - read.message.length) };
}

function readBare(line: string, layouts: readonly Layout[]): EntryHead | undefined {
  for (const layout of layouts) {
    const read = readHead(line, layout);
    if (read !== undefined) return read;
  }
  for (const layout of usualLayouts) {
    const read = readHead(line, layout);
    if (read !== undefined && levelWords.has(read.level)) return read;
  }
  return readJsonEntry(line);
}

const levelWords: ReadonlySet<string> = new Set(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);

/** The line without its first `characters`, but with the colours in the rest. */
function endOf(line: string, characters: number): string {
  let left = characters;
  return splitAtSgr(line)
    .map((part, index) => {
      if (index % 2 === 1) return left > 0 ? '' : part;
      const kept = part.slice(left);
      left -= part.length - kept.length;
      return kept;
    })
    .join('');
}
