import type { Clock } from '../../support/clock.ts';
import { isAbort } from '../../support/problem.ts';
import { lifetime, type Lifetime } from '../../support/waiting.ts';
import type { Card } from '../../commands/model/card.ts';
import { same } from '../../session/same.ts';
import type { Session } from '../../session/types.ts';
import type { IncidentPlace } from '../state/places/incident.ts';
import { here } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';

/** A card is read again at most this often, in milliseconds. */
const restMs = 1_000;
/** What counts as recent changes by itself; so often it is looked at, although nothing happened. */
const longestMs = 30_000;

/** What a card is made of: as long as these are the same, so is the card. Counters of logs, usage and places change all the time. */
const madeOf = (session: Session): readonly unknown[] => [
  session.past,
  session.pods,
  session.gone,
  session.jobs,
  session.lostJobs,
  session.warnings,
  session.unreadable,
  session.timeline,
  session.operations,
  session.sources.get('pods')?.state,
  session.sources.get('flink')?.state,
  session.deployment,
  session.stopped,
];

interface CardReaderOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Puts a card that says something else into the place for which it was read. */
  readonly show: (place: IncidentPlace, card: Card) => void;
  readonly background: (work: Promise<void>) => void;
}

/** Reads the card on the screen again when what it is made of has changed, and nothing while no card is on the screen. */
export class CardReader {
  readonly #options: CardReaderOptions;
  #reading: Lifetime | undefined;
  /** The place whose card is followed, and what its card was made of. */
  #read: { readonly about: IncidentPlace['again']; readonly from: readonly unknown[]; readonly at: number } | undefined;

  constructor(options: CardReaderOptions) {
    this.#options = options;
  }

  /** Called with each frame. */
  look({ ui, session }: Pick<Frame, 'ui' | 'session'>): void {
    const place = here(ui.trail);
    if (place.kind !== 'incident') return this.#end();
    const now = this.#options.clock.monotonic();
    const from = madeOf(session);
    if (this.#read?.about !== place.again) {
      this.#end();
      // It was read a moment ago, before it came on the screen.
      this.#read = { about: place.again, from, at: now };
      return;
    }
    const { from: before, at } = this.#read;
    const isNews = from.some((each, index) => !Object.is(each, before[index]));
    if (this.#reading !== undefined || now - at < restMs || (!isNews && now - at < longestMs)) return;
    this.#read = { about: place.again, from, at: now };
    this.#reading = lifetime();
    this.#options.background(this.#again(place, this.#reading));
  }

  #end(): void {
    this.#reading?.end();
    this.#reading = undefined;
    this.#read = undefined;
  }

  async #again(place: IncidentPlace, reading: Lifetime): Promise<void> {
    try {
      const card = await place.again(reading.signal);
      if (!reading.signal.aborted && !same(card, place.card)) this.#options.show(place, card);
    } catch (error) {
      if (!isAbort(error)) throw error;
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }
}
