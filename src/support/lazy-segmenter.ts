// Destructured because the bundle replaces the member expression with `LazySegmenter` (tools/lean-start.ts).
const { Segmenter } = Intl;

/** An `Intl.Segmenter` that loads its tables on first use: the first one of a process takes milliseconds. */
export class LazySegmenter {
  readonly #options: ConstructorParameters<typeof Segmenter>;
  #made: Intl.Segmenter | undefined;

  constructor(...options: ConstructorParameters<typeof Segmenter>) {
    this.#options = options;
  }

  segment(text: string): Intl.Segments {
    this.#made ??= new Segmenter(...this.#options);
    return this.#made.segment(text);
  }
}
