/** What is at a target already. */
export interface StoredArtifact {
  /** Bytes; absent: the store does not tell. */
  readonly size?: number;
  /** MD5 in hexadecimal digits; undefined: the store does not tell. */
  md5(signal: AbortSignal): Promise<string | undefined>;
}

/** Where artifacts are uploaded to. Every method rejects with a `Problem`, or an `AbortError`. */
export interface ArtifactStore {
  /** Undefined when nothing is there. */
  find(target: string, signal: AbortSignal): Promise<StoredArtifact | undefined>;
  /** Copies a local file there. `progress` is told bytes so far. Nothing is left at the target when it fails. */
  put(file: string, target: string, progress: (sent: number) => void, signal: AbortSignal): Promise<void>;
}
