import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const web = command({
  name: 'web',
  summary: 'Show the address of the web interface, or open a local port to it',
  details:
    'web alone prints the address and who can reach it. web open opens a port on this machine that leads to the JobManager, even after it has moved, until this session ends.',
  group: 'session',
  examples: ['web', 'web open', 'web open 8081'],
  args: {
    action: optional(arg.choice(['open'], 'Open a port on this machine')),
    port: optional(arg.port('The port to open; default: any free port')),
  },
  options: { open: option.flag('The same as web open') },
  shell: { kind: 'web' },
  danger: 'safe',
  source: 'kubernetes',
  async run({ cluster, front, signal }, { action, port, open }) {
    if (action === undefined && !open) {
      const { url, reach } = await cluster.restAddress(signal);
      front.print([`${url} can be reached ${reach}`, 'web open opens a port on this machine.']);
      return;
    }
    const { url, others } = await cluster.openPort(port, signal);
    const also = others.length === 0 ? [] : [`Still open beside it: ${others.join(', ')}.`];
    front.print(
      [
        url,
        'Every program and user of this machine can reach it, but nobody else, and no page of another site. It stays open until this session ends.',
        ...also,
      ],
      'good',
    );
  },
});
