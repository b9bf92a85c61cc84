/**
 * The order of a table while the user is in it: rows stay where they were, new rows are inserted at their place in the table's order, and
 * rows that are gone leave. Nothing moves under the user's hand.
 */

const places = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function placesOf(held: readonly string[]): ReadonlyMap<string, number> {
  let known = places.get(held);
  if (known === undefined) {
    known = new Map(held.map((id, place) => [id, place]));
    places.set(held, known);
  }
  return known;
}

/** `rows` are in the current order of the table. */
export function keepOrder<Row>(rows: readonly Row[], held: readonly string[], idOf: (row: Row) => string): readonly Row[] {
  const known = placesOf(held);
  const kept: { readonly row: Row; readonly place: number }[] = [];
  /** New rows, by the row that precedes them in the table. */
  const came = new Map<string | undefined, Row[]>();
  let before: string | undefined;
  for (const row of rows) {
    const id = idOf(row);
    const place = known.get(id);
    if (place === undefined) {
      came.set(before, [...(came.get(before) ?? []), row]);
    } else {
      kept.push({ row, place });
      before = id;
    }
  }
  kept.sort((a, b) => a.place - b.place);
  if (came.size === 0) return kept.map(({ row }) => row);
  return [...(came.get(undefined) ?? []), ...kept.flatMap(({ row }) => [row, ...(came.get(idOf(row)) ?? [])])];
}

/** The order to keep from now on: the previous one, as long as it contains all rows. */
export function heldOrder<Row>(rows: readonly Row[], held: readonly string[] | undefined, idOf: (row: Row) => string): readonly string[] {
  if (held !== undefined) {
    const known = placesOf(held);
    if (rows.every((row) => known.has(idOf(row)))) return held;
  }
  return rows.map(idOf);
}
