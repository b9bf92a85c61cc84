import { spawn } from 'node:child_process';

/** Opens `url` in the user's browser, if there is one; the address was printed as well. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...args] =
    platform === 'darwin' ? ['open', url] : platform === 'win32' ? ['cmd', '/c', 'start', '', url] : ['xdg-open', url];
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // There is no browser here: the printed address is enough.
  child.on('error', () => undefined);
  child.unref();
}
