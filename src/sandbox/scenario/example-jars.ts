import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../../support/folders.ts';
import { zipOf } from '../zip/write-zip.ts';

interface Example {
  readonly file: string;
  readonly mainClass: string;
  readonly note: string;
}

const EXAMPLES: readonly Example[] = [
  {
    file: 'TopSpeedWindowing.jar',
    mainClass: 'org.apache.flink.streaming.examples.windowing.TopSpeedWindowing',
    note: 'Streams for ever.',
  },
  { file: 'OrdersEnrichment.jar', mainClass: 'org.example.orders.OrdersEnrichment', note: 'Three steps, streams for ever.' },
  { file: 'WordCount.jar', mainClass: 'org.apache.flink.streaming.examples.wordcount.WordCount', note: 'Ends after a while: --seconds N.' },
  {
    file: 'FailAfter.jar',
    mainClass: 'org.example.failing.FailAfter',
    note: 'Fails, restarts twice, then fails for good: --seconds N --restarts N.',
  },
  { file: 'Backpressured.jar', mainClass: 'org.example.slow.Backpressured', note: 'A slow step behind a fast source.' },
  { file: 'OrderJoin.jar', mainClass: 'org.example.orders.OrderJoin', note: 'Two streams that are split and joined again.' },
  { file: 'Regions.jar', mainClass: 'org.example.sales.Regions', note: 'Thirty vertices, streams for ever.' },
];

/** Writes jars for a newcomer to submit. They are real archives with a manifest, but without byte code: the sandbox knows what each program does. */
export async function writeExamples(folder: string): Promise<void> {
  await ensureFolder(folder);
  await Promise.all(
    EXAMPLES.map(({ file, mainClass, note }) =>
      writeFile(
        join(folder, file),
        zipOf([
          { name: 'META-INF/MANIFEST.MF', content: `Manifest-Version: 1.0\r\nMain-Class: ${mainClass}\r\n\r\n` },
          // The magic number and version of a class file; the sandbox runs no byte code.
          { name: `${mainClass.replaceAll('.', '/')}.class`, content: Buffer.from('cafebabe0000003d', 'hex') },
          { name: 'README.txt', content: `An example for the sandbox. ${note}\n` },
        ]),
      ),
    ),
  );
}
