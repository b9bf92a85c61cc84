import { oneLine } from '../support/foreign-text.ts';
import { Problem } from '../support/problem.ts';

interface NamedVertex {
  readonly id: string;
  readonly name: string;
}

/** The name of a vertex in a sentence. */
export const vertexName = ({ name }: Pick<NamedVertex, 'name'>): string => oneLine(name, 60);

/** By its name, a beginning of its id, a beginning of its name, or a part of its name, ignoring case; the first of these that fits decides. */
export function findVertex<V extends NamedVertex>(word: string, vertices: readonly V[]): V {
  const wanted = word.toLowerCase();
  const tests: readonly ((vertex: V) => boolean)[] = [
    ({ name }) => name.toLowerCase() === wanted,
    ({ id }) => wanted.length >= 4 && id.startsWith(wanted),
    ({ name }) => name.toLowerCase().startsWith(wanted),
    ({ name }) => name.toLowerCase().includes(wanted),
  ];
  const found = tests.map((fits) => vertices.filter(fits)).find(({ length }) => length > 0) ?? [];
  const [only, ...others] = found;
  const listed = (these: readonly V[]): string => these.map((vertex) => `${vertexName(vertex)} ${vertex.id.slice(0, 6)}`).join(', ');
  if (only === undefined)
    throw new Problem('not-found', `The job has no vertex "${word}".`, {
      hint: vertices.length === 0 ? 'Flink lists no vertices of it yet.' : `Its vertices: ${listed(vertices)}.`,
    });
  if (others.length > 0)
    throw new Problem('usage', `"${word}" can be ${found.length} vertices: ${listed(found)}.`, {
      hint: 'Type more of its name, or its id.',
    });
  return only;
}
