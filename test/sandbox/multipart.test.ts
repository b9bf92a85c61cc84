import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { MultipartParser, readMultipart, type PartNews } from '../../src/sandbox/rest/multipart.ts';

const BODY = Buffer.from(
  'preamble\r\n--edge\r\nContent-Disposition: form-data; name="request"\r\n\r\n{}' +
    '\r\n--edge\r\nContent-Disposition: form-data; name="jarfile"; filename="a.jar"\r\n\r\nPK\r\n--edg no edge\r\n\r\n--edge--\r\nepilogue',
);

/** The parts with their content in one piece. */
function joined(news: Iterable<PartNews>): readonly (readonly [name: string, file: string | undefined, content: string])[] {
  const parts: [string, string | undefined, string][] = [];
  for (const one of news) {
    if (one.kind === 'begin') parts.push([one.part.name, one.part.fileName, '']);
    else (parts.at(-1) as [string, string | undefined, string])[2] += one.bytes.toString();
  }
  return parts;
}

test('an upload is read the same however the network splits it', () => {
  for (let size = 1; size <= BODY.length; size += 1) {
    const parser = new MultipartParser('edge');
    const news: PartNews[] = [];
    for (let at = 0; at < BODY.length; at += size) news.push(...parser.take(BODY.subarray(at, at + size)));
    expect(joined(news)).toEqual([
      ['request', undefined, '{}'],
      ['jarfile', 'a.jar', 'PK\r\n--edg no edge\r\n'],
    ]);
    expect(parser.whole).toBe(true);
  }
});

test('an upload that breaks off, and one without a boundary, are refused', async () => {
  const request = (type: string, body: Buffer): IncomingMessage =>
    Object.assign(Readable.from([body]), { headers: { 'content-type': type } }) as unknown as IncomingMessage;
  const read = async (type: string, body: Buffer): Promise<unknown> => {
    const news: PartNews[] = [];
    for await (const one of readMultipart(request(type, body))) news.push(one);
    return joined(news);
  };
  await expect(read('multipart/form-data; boundary=edge', BODY.subarray(0, -20))).rejects.toThrow('the body ended too early');
  await expect(read('application/json', BODY)).rejects.toThrow('no boundary');
  expect(await read('multipart/form-data; boundary="edge"', BODY)).toHaveLength(2);
});
