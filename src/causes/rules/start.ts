import { roomAdvice, shortagesIn, shortageWords } from '../quota.ts';
import type { Signature } from '../signature.ts';

const classFileOfJava = 44;

/** Why a pod or a process does not start. Sources: kubelet and API server of Kubernetes 1.34; Flink 2.3. */
export const startSignatures: readonly Signature[] = [
  {
    id: 'no-rights',
    finds: 'A service account lacks a right',
    signs: /User "?system:serviceaccount:([^":]+):([^":]+)"? cannot (\w+) resource|the service account \S+ of namespace (\S+) may not/,
    wraps: true,
    advice: ({ match, namespace }) => [
      `drey doctor -n ${match[1] ?? match[4] ?? namespace ?? 'NAMESPACE'} shows the rights that are needed, and how to grant them.`,
    ],
  },
  {
    id: 'quota',
    finds: 'A quota or a limit range of the namespace leaves no room',
    ofKubernetes: true,
    signs: /exceeded quota|must be less than or equal to|(?:minimum|maximum) (?:cpu|memory) usage/,
    wraps: true,
    conclusions: ({ match }) => shortagesIn(match.input).map(shortageWords),
    advice: ({ match, role }) => [roomAdvice(match.input, role)],
  },
  {
    id: 'missing-account',
    finds: 'The service account does not exist',
    ofKubernetes: true,
    signs: /service ?account .* not found/i,
    advice: () => ['create the service account, or name another one: kubernetes.service-account.'],
  },
  {
    id: 'missing-secret',
    finds: 'A Secret, or a key of it, does not exist',
    ofKubernetes: true,
    signs: /\bsecrets? "[^"]+" not found|in Secret /,
    advice: () => [
      'create the Secret in the namespace of the cluster, or name another one: kubernetes.secrets, kubernetes.env.secretKeyRef or the pod template.',
    ],
  },
  {
    id: 'deleted-configuration',
    finds: "A ConfigMap of Flink's own was deleted",
    ofKubernetes: true,
    signs: /\bconfigmaps? "((?:flink-config-|pod-template-)[^"]+)" not found/,
    conclusions: () => ['Flink creates this ConfigMap with the cluster and never again, so somebody deleted it.'],
    advice: () => ['stop the cluster and deploy it again: that makes its ConfigMaps.'],
  },
  {
    id: 'missing-config-map',
    finds: 'A ConfigMap, or a key of it, does not exist',
    ofKubernetes: true,
    signs: /\bconfigmaps? "(?!flink-config-|pod-template-)[^"]+" not found|in ConfigMap /,
    advice: () => [
      'create the ConfigMap in the namespace of the cluster, or name another one: kubernetes.hadoop.conf.config-map.name or the pod template.',
    ],
  },
  {
    id: 'missing-claim',
    finds: 'A PersistentVolumeClaim does not exist, or has no volume',
    ofKubernetes: true,
    signs: /persistentvolumeclaim "[^"]+" not found|unbound immediate PersistentVolumeClaims/,
    advice: () => [
      'create the PersistentVolumeClaim in the namespace of the cluster, or name another one: kubernetes.persistent-volume-claims or the pod template.',
    ],
  },
  {
    id: 'plug-in',
    finds: 'A plug-in that is to be enabled is not in the image',
    signs: /^Plugin (\S+) does not exist/,
    conclusions: ({ match }) => [`The image has no /opt/flink/opt/${match[1]}.`],
    advice: ({ flinkVersion, role, match }) => [
      `name the file as the image has it${flinkVersion === undefined ? '' : `, such as ${(match[1] ?? '').replace(/-\d.*$/, '')}-${flinkVersion}.jar`}: containerized.${role === 'jobmanager' ? 'master' : 'taskmanager'}.env.ENABLE_BUILT_IN_PLUGINS.`,
    ],
  },
  {
    id: 'file-system',
    finds: 'The file system of a path has no plug-in',
    signs: /Could not find a file system implementation for scheme '([\w+.-]+)'/,
    wraps: true,
    lasting: true,
    advice: ({ match, flinkVersion }) => {
      const jar =
        match[1]?.startsWith('s3') === true ? 'flink-s3-fs-hadoop' : match[1] === 'gs' ? 'flink-gs-fs-hadoop' : 'the plug-in for it';
      const file = jar.startsWith('flink-') ? `${jar}-${flinkVersion ?? 'VERSION'}.jar` : jar;
      return [
        `enable ${file} on both kinds of pods: containerized.master.env.ENABLE_BUILT_IN_PLUGINS and containerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS.`,
      ];
    },
  },
  {
    id: 'raw-http',
    finds: 'The jar of an application comes by plain HTTP, which is not allowed',
    signs: /Artifact fetching from raw HTTP endpoints? (?:is|are) disabled/,
    wraps: true,
    advice: () => ['fetch it by https://, or allow it: user.artifacts.raw-http-enabled: true.'],
  },
  {
    id: 'java-version',
    finds: 'A class was compiled for a newer Java than that of the image',
    signs: /UnsupportedClassVersionError.*class file version (\d+)\.\d+.*up to (\d+)\.\d+/,
    wraps: true,
    lasting: true,
    conclusions: ({ match }) => [
      `The class needs Java ${Number(match[1]) - classFileOfJava}, and the process runs on Java ${Number(match[2]) - classFileOfJava}.`,
    ],
    advice: ({ match }) => [
      `an image with Java ${Number(match[1]) - classFileOfJava}: kubernetes.container.image.ref; or compile the jar for Java ${Number(match[2]) - classFileOfJava}.`,
    ],
  },
  {
    id: 'closed-module',
    finds: 'Java does not open a package to Flink',
    signs: /InaccessibleObjectException: .* does not "(?:opens|exports) ([\w.]+)"/,
    wraps: true,
    lasting: true,
    advice: () => [
      "env.java.opts.all of Flink's own config.yaml opens these packages: one of your own has to repeat its --add-opens and --add-exports.",
    ],
  },
];
