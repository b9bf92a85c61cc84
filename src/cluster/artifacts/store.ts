/** The object that is at a target already. */
export interface StoredArtifact {
  /** Bytes; absent: the store does not say. */
  readonly size?: number;
  /** MD5 in hexadecimal digits; undefined: the store does not say. */
  md5(signal: AbortSignal): Promise<string | undefined>;
}

/** Where artifacts are uploaded to. Every method rejects with a `Problem`, or an `AbortError`. */
export interface ArtifactStore {
  /** Undefined when nothing is there. */
  find(target: string, signal: AbortSignal): Promise<StoredArtifact | undefined>;
  /** Copies a local file there. `progress` gets the bytes so far. Nothing is left at the target if it fails. */
  put(file: string, target: string, progress: (sent: number) => void, signal: AbortSignal): Promise<void>;
}
