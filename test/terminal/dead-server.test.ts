import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { Terminal } from './harness.ts';

/** A port on which nobody listens any more. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a server that is not there: the screen says so, Ctrl+C clears the line and then leaves, and nobody claims that the cluster runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-dead-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, kubeconfigOf(`http://127.0.0.1:${await deadPort()}`));
  try {
    await using terminal = new Terminal(['attach', 'orders'], { env: { KUBECONFIG: kubeconfig } });
    await terminal.sees(/ refuses connections \(ECONNREFUSED\)\./);
    terminal.type('savepoint x');
    await terminal.sees('› savepoint x');
    terminal.type('⌃c');
    await terminal.seesNo('› savepoint x');
    terminal.type('⌃c');
    expect(await terminal.exit).toBe(0);
    await terminal.sees('Detached. Whether orders runs was not seen; attach again with: drey attach orders -n default');
    await using picker = new Terminal([], { env: { KUBECONFIG: kubeconfig } });
    expect(await picker.exit).toBe(1);
    await picker.sees(/refuses connections \(ECONNREFUSED\)\./);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
