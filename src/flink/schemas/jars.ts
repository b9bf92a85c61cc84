import * as z from 'zod/mini';
import type { UploadedJar } from '../types.ts';
import { number } from './values.ts';

/** `GET /jars`; newest first. */
export const jars = z.pipe(
  z.object({
    files: z.array(
      z.object({ id: z.string(), name: z.string(), uploaded: number, entry: z.nullish(z.array(z.object({ name: z.string() }))) }),
    ),
  }),
  z.transform((body): readonly UploadedJar[] =>
    body.files
      .map((file) => ({
        id: file.id,
        name: file.name,
        uploadedAt: file.uploaded,
        entryClasses: (file.entry ?? []).map((entry) => entry.name),
      }))
      .toSorted((a, b) => b.uploadedAt - a.uploadedAt),
  ),
);

/** `POST /jars/upload`: the id of the jar is the last part of the path on the server, which may be a Windows path. */
export const uploaded = z.pipe(
  z.object({ filename: z.string() }),
  z.transform((body) => body.filename.slice(Math.max(body.filename.lastIndexOf('/'), body.filename.lastIndexOf('\\')) + 1)),
);

/** `POST /jars/:id/run`. */
export const started = z.pipe(
  z.object({ jobid: z.string() }),
  z.transform((body) => body.jobid),
);

/** `POST /jars/:id/plan`: the plan as the server draws it. */
export const plan = z.pipe(
  z.object({ plan: z.unknown() }),
  z.transform((body): unknown => body.plan),
);
