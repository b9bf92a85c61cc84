import * as z from 'zod/mini';

/** What a job was started with: enough to start it again. */
export interface Launch {
  readonly jar: {
    /** Where it lay on this machine. */
    readonly path: string;
    /** Its name on the cluster, which carries a hash of its content. */
    readonly name: string;
  };
  /** Undefined: the one in the manifest of the jar. */
  readonly entryClass: string | undefined;
  readonly arguments: readonly string[];
  readonly parallelism: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly allowNonRestoredState: boolean;
}

export const launchSchema = z.pipe(
  z.object({
    jar: z.object({ path: z.string(), name: z.string() }),
    entryClass: z.optional(z.string()),
    arguments: z.array(z.string()),
    parallelism: z.number(),
    configuration: z.record(z.string(), z.string()),
    allowNonRestoredState: z.boolean(),
  }),
  z.transform((body): Launch => ({ ...body, entryClass: body.entryClass })),
);
