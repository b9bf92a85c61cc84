import type { OptionRow } from '../../src/cli/flink/command-line.ts';
import { jsonForms } from '../../src/cli/flink/json-forms.ts';
import { actions, actionTables, type Action } from '../../src/cli/flink/option-tables.ts';
import { code, escaped, page, table } from './markdown.ts';

/** docs/flink.md */
export function flinkPage(): string {
  return page(
    '# flink',
    "`bin/flink` takes the command lines of Flink's own client and prints what it prints, without a JVM. Options are read as Flink reads them: before the jar for `run` and `info`, anywhere for the others; an option with an optional value takes the next word that is no option.",
    'A job is named by its id, a unique beginning of its id, or its name where no other job has it; jobs that run come first.',
    'The exit code is 0 when it is done, 1 when it failed or was not understood, 31 when there is no usable configuration, 130 after Ctrl+C. If you stop waiting, the operation continues in the cluster.',
    'With `-o json` standard output holds one document and nothing else; everything for a person goes to standard error. Members are only ever added to a document. When the waiting ends first, by Ctrl+C or `--timeout`, the document holds what is known by then: the ids of the job and of what was triggered, and the path of a savepoint that is complete.',
    'An HTTPS endpoint (`security.ssl.rest.enabled`) is trusted by `security.ssl.rest.truststore`, and shown the certificate of `security.ssl.rest.keystore` with `security.ssl.rest.authentication-enabled`. Stores are PKCS #12 as keytool makes them, a truststore may be PEM; ' +
      "JKS is refused with the line that converts it. Without a truststore the authorities of Node.js count, and those of the file that `NODE_EXTRA_CA_CERTS` names. As with Flink's client, the host name is not compared where there is a truststore, unless `security.ssl.verify-hostname` is set to true; " +
      '`security.ssl.rest.cert.fingerprint` is asked for besides.',
    ...actions.map(section),
  );
}

function section(action: Action): string {
  const { usage, summary, options } = actionTables[action];
  const forms = Object.entries(jsonForms).filter(([name]) => name === action || name.startsWith(`${action} `));
  return [
    `## ${action}`,
    code(`flink ${[action, '[OPTIONS]', usage].filter((word) => word !== '').join(' ')}`),
    `${escaped(summary)}.`,
    table(
      ['option', ''],
      options.filter(({ hidden }) => hidden !== true).map((row) => [code(label(row)), escaped(row.summary)]),
    ),
    ...forms.map(([name, members]) =>
      [
        `The document of ${code(`flink ${name} -o json`)}:`,
        table(
          ['field', 'type', 'when', ''],
          members.map((member) => [code(member.name), member.type, member.when ?? 'always', member.summary]),
        ),
      ].join('\n\n'),
    ),
  ].join('\n\n');
}

function label({ opt, long, value, takes }: OptionRow): string {
  const names = [opt === undefined ? '' : `-${opt}`, long === undefined || long === opt ? '' : `--${long}`]
    .filter((name) => name !== '')
    .join(', ');
  if (value === undefined) return names;
  return takes === 'optional' ? `${names} [${value}]` : `${names} ${value}`;
}
