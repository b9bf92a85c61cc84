/** Where artifacts are uploaded to. Every method rejects with a `Problem`, or an `AbortError`. */
export interface ArtifactStore {
  exists(target: string, signal: AbortSignal): Promise<boolean>;
  /** Copies a local file there. `progress` is told bytes so far. Nothing is left at the target when it fails. */
  put(file: string, target: string, progress: (sent: number) => void, signal: AbortSignal): Promise<void>;
}
