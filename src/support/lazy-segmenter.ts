// Taken apart: the bundle puts `LazySegmenter` in the place of the member expression (tools/lean-start.ts).
const { Segmenter } = Intl;

/** An `Intl.Segmenter` that reads its tables on first use: the first one of a process takes milliseconds. */
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
