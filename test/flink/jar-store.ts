import { json, type Reply, type Seen } from './rest-server.ts';

/** The jar store of a JobManager: what is uploaded is listed, and a run answers with the job id that was asked for. */
export function jarStore(answer: (request: Seen, nth: number) => Reply | undefined = () => undefined): {
  serve: (request: Seen, nth: number) => Reply;
  files: { id: string; name: string; uploaded: number }[];
} {
  const files: { id: string; name: string; uploaded: number }[] = [];
  const serve = (request: Seen, nth: number): Reply => {
    if (request.path === '/jars/upload') {
      const name = /filename="([^"]*)"/.exec(request.body)?.[1] ?? '';
      files.push({ id: `0000-${files.length}_${name}`, name, uploaded: files.length });
      return answer(request, nth) ?? json({ filename: `/tmp/flink-web-upload/${files.at(-1)?.id}`, status: 'success' });
    }
    const own = answer(request, nth);
    if (own !== undefined) return own;
    if (request.path === '/jars') return json({ address: 'http://x', files: files.map((file) => ({ ...file, entry: [] })) });
    if (request.path.endsWith('/run')) return json({ jobid: (JSON.parse(request.body) as { jobId: string }).jobId });
    return json({});
  };
  return { serve, files };
}
