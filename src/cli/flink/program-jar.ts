import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectJar } from '../../flink/jar-file.ts';
import { Problem } from '../../support/problem.ts';
import type { ProgramOptions } from '../../cluster/manifests/application-config.ts';

const application = 'run it as an application: -t kubernetes-application.';

/** The program's jar as a local path, after a look inside. Rejects with a sentence if the REST API cannot run it. */
export async function programJar(program: ProgramOptions, cwd: string): Promise<string> {
  const python = program.python;
  if (python !== undefined) {
    throw new Problem('usage', 'A Python program needs a Python client to start it, which a session cluster does not have.', {
      hint: `Use an image with PyFlink and ${application}`,
    });
  }
  if (program.classpaths.length > 0) {
    throw new Problem('usage', '-C cannot be passed to a session cluster over REST.', {
      hint: `Put the classes into the jar or into lib/ of the cluster, or ${application}`,
    });
  }
  if (program.jar === undefined) throw new Problem('usage', 'Java program should be specified a JAR file.');
  if (program.jar.startsWith('-')) throw new Problem('usage', `Unrecognized option: ${program.jar}`);
  const path = resolve(cwd, localPath(program.jar));
  try {
    await inspectJar(path, program.entryClass);
  } catch (error) {
    // At the place and in the words of Flink. Source: `CliFrontend.getPackagedProgram`, Flink 2.3.
    if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
    throw new Problem('usage', `Could not get job jar and dependencies from JAR file: JAR file does not exist: ${program.jar}`, {
      cause: error,
    });
  }
  return path;
}

function localPath(jar: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]+):/.exec(jar)?.[1]?.toLowerCase();
  if (scheme === undefined) return jar;
  if (scheme !== 'file')
    throw new Problem('usage', `JAR file does not exist: ${jar} is not a local file.`, {
      hint: `Only an application can fetch it: ${application}`,
    });
  try {
    return fileURLToPath(jar.replace(/^file:\/*/i, 'file:///'));
  } catch (error) {
    throw new Problem('usage', `${jar} is not the URL of a local file.`, { cause: error });
  }
}
