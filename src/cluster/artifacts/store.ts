/** The object that is already at a target. */
export interface StoredArtifact {
  /** Bytes; absent if the store does not report it. */
  readonly size?: number;
  /** MD5 in hexadecimal digits; undefined if the store does not report it. */
  md5(signal: AbortSignal): Promise<string | undefined>;
}

/** Where artifacts are uploaded to. Every method rejects with a `Problem`, or an `AbortError`. */
export interface ArtifactStore {
  /** Undefined if there is nothing. */
  find(target: string, signal: AbortSignal): Promise<StoredArtifact | undefined>;
  /** Copies a local file there. `progress` gets the bytes so far. Nothing is left at the target if it fails. */
  put(file: string, target: string, progress: (sent: number) => void, signal: AbortSignal): Promise<void>;
}
