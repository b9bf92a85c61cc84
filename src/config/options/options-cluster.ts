import { option } from './option.ts';
import { targetKeys } from './target-keys.ts';
import { booleanType, durationType, enumType, intType, listType, mapType, stringType } from './values.ts';

// Source: `DeploymentOptions`, `PipelineOptions`, `CoreOptions`, `StateRecoveryOptions`, `JobManagerOptions`, `TaskManagerOptions`, `BlobServerOptions`,
// `HighAvailabilityOptions`, `RestOptions`, `ClientOptions`, `SecurityOptions` and `ArtifactFetchOptions`, Flink 2.3.

export const executionTarget = option('execution.target', stringType, 'Where a program runs: kubernetes-session or kubernetes-application');
export const executionAttached = option('execution.attached', booleanType, 'Stay attached after a session was deployed', {
  default: false,
});
export const shutdownOnAttachedExit = option(
  'execution.shutdown-on-attached-exit',
  booleanType,
  'Stop the job when the attached client goes away',
  { default: false },
);
export const internalConfigDir = option(
  '$internal.deployment.config-dir',
  stringType,
  'Local folder of the configuration; set by the client and never sent',
);
export const applicationArguments = option(
  '$internal.application.program-args',
  listType,
  'Arguments of the program of an application; set by the client',
);
export const applicationMainClass = option('$internal.application.main', stringType, 'Main class of an application; set by the client');
export const fixedJobId = option('$internal.pipeline.job-id', stringType, 'A job id to use instead of a random one');
export const executionMode = option(
  'internal.cluster.execution-mode',
  enumType('NORMAL', 'DETACHED'),
  'How the cluster ends; set by the client',
  { default: 'NORMAL' },
);
export const pipelineName = option('pipeline.name', stringType, 'Name of the job');
export const pipelineJars = option('pipeline.jars', listType, 'Jars of the program');
export const pipelineClasspaths = option('pipeline.classpaths', listType, 'URLs to add to the class path of the program');
export const parallelism = option('parallelism.default', intType, 'Parallelism of a program that sets none', { default: 1 });
export const savepointPath = option('execution.state-recovery.path', stringType, 'Savepoint to start from', {
  deprecated: ['execution.savepoint.path'],
});
export const ignoreUnclaimedState = option(
  'execution.state-recovery.ignore-unclaimed-state',
  booleanType,
  'Drop state that no operator claims',
  { default: false, deprecated: ['execution.savepoint.ignore-unclaimed-state'] },
);
export const claimMode = option(
  'execution.state-recovery.claim-mode',
  enumType('CLAIM', 'NO_CLAIM', 'LEGACY'),
  'Who owns the savepoint that the job starts from',
  { default: 'NO_CLAIM', deprecated: ['execution.savepoint-restore-mode'] },
);

export const jobManagerAddress = option('jobmanager.rpc.address', stringType, 'Host name of the JobManager; set to the internal Service');
export const jobManagerPort = option('jobmanager.rpc.port', intType, 'RPC port of the JobManager', { default: 6123 });
export const jobManagerBindHost = option(
  'jobmanager.bind-host',
  stringType,
  'Interface that the JobManager binds to; not sent to a cluster',
);
export const taskManagerBindHost = option(
  'taskmanager.bind-host',
  stringType,
  'Interface that a TaskManager binds to; not sent to a cluster',
);
export const taskManagerHost = option('taskmanager.host', stringType, 'Host name of a TaskManager; not sent to a cluster');
export const taskManagerPort = option('taskmanager.rpc.port', stringType, 'RPC port of a TaskManager; 0 is replaced by 6122', {
  default: '0',
});
export const failoverStrategy = option('jobmanager.execution.failover-strategy', stringType, 'Which tasks are restarted after a failure', {
  default: 'region',
});
export const taskManagerTimeout = option('resourcemanager.taskmanager-timeout', durationType, 'How long an idle TaskManager is kept', {
  default: 30_000,
  deprecated: ['slotmanager.taskmanager-timeout'],
});
export const blobServerPort = option('blob.server.port', stringType, 'Port of the BLOB server; 0 is replaced by 6124', { default: '0' });

export const highAvailability = option('high-availability.type', stringType, 'kubernetes, zookeeper or a factory class; NONE is off', {
  default: 'NONE',
  deprecated: ['recovery.mode', 'high-availability'],
});
export const haClusterId = option(
  'high-availability.cluster-id',
  stringType,
  'Name of the cluster in the high-availability services; set to the cluster id',
  { default: '/default', deprecated: ['high-availability.zookeeper.path.namespace', 'recovery.zookeeper.path.namespace'] },
);
export const haStorageDir = option('high-availability.storageDir', stringType, 'Where high availability keeps job data', {
  deprecated: ['high-availability.zookeeper.storageDir', 'recovery.zookeeper.storageDir'],
});
export const haJobManagerPort = option(
  'high-availability.jobmanager.port',
  stringType,
  'RPC port of the JobManager with high availability',
  { default: '0', deprecated: ['recovery.jobmanager.port'] },
);

export const restPort = option('rest.port', intType, 'Port of the REST endpoint', { default: 8081, deprecated: ['web.port'] });
export const restBindPort = option('rest.bind-port', stringType, 'Port that the REST endpoint binds to; must be one port', {
  default: '8081',
  fallback: ['rest.port'],
  deprecated: ['web.port', 'jobmanager.web.port'],
});
export const restAddress = option('rest.address', stringType, 'Host name of the REST endpoint', { fallback: ['jobmanager.rpc.address'] });
export const restBindAddress = option('rest.bind-address', stringType, 'Interface that the REST endpoint binds to; not sent to a cluster', {
  fallback: ['web.address'],
  deprecated: ['jobmanager.web.address'],
});
export const restUrlPrefix = option('rest.url-prefix', stringType, 'Path before the version in REST addresses', { default: '/' });
export const restRetryMaxAttempts = option('rest.retry.max-attempts', intType, 'Tries of a REST request', { default: 20 });
export const restRetryDelay = option('rest.retry.delay', durationType, 'Wait between tries of a REST request', { default: 3_000 });
export const restAwaitLeaderTimeout = option('rest.await-leader-timeout', durationType, 'How long to wait for a leading JobManager', {
  default: 30_000,
});
export const restConnectionTimeout = option('rest.connection-timeout', durationType, 'Longest time to connect to the REST endpoint', {
  default: 15_000,
});
export const restIdlenessTimeout = option('rest.idleness-timeout', durationType, 'How long an idle REST connection is kept', {
  default: 300_000,
});
export const clientTimeout = option('client.timeout', durationType, 'Longest time for a client operation', {
  default: 60_000,
  deprecated: ['akka.client.timeout'],
});
export const clientHeartbeatInterval = option('client.heartbeat.interval', durationType, 'Time between heartbeats of an attached client', {
  default: 30_000,
});
export const clientHeartbeatTimeout = option(
  'client.heartbeat.timeout',
  durationType,
  'How long a job outlives the heartbeat of its client',
  { default: 180_000 },
);
export const webSubmitEnabled = option('web.submit.enable', booleanType, 'Accept jars over the REST API', {
  default: true,
  deprecated: ['jobmanager.web.submit.enable'],
});

export const sslRestEnabled = option('security.ssl.rest.enabled', booleanType, 'Serve REST over TLS', { default: false });
export const sslRestTruststore = option(
  'security.ssl.rest.truststore',
  stringType,
  'Store of the certificates that this client trusts: PKCS #12 or PEM',
  { fallback: ['security.ssl.truststore'] },
);
export const sslRestTruststorePassword = option('security.ssl.rest.truststore-password', stringType, 'Password of the truststore', {
  fallback: ['security.ssl.truststore-password'],
});
export const sslRestAuthentication = option(
  'security.ssl.rest.authentication-enabled',
  booleanType,
  'The REST endpoint asks clients for a certificate',
  { default: false },
);
export const sslRestKeystore = option(
  'security.ssl.rest.keystore',
  stringType,
  'Store with the key and the certificate of this client: PKCS #12',
  { fallback: ['security.ssl.keystore'] },
);
export const sslRestKeystorePassword = option('security.ssl.rest.keystore-password', stringType, 'Password of the keystore', {
  fallback: ['security.ssl.keystore-password'],
});
export const sslRestKeyPassword = option('security.ssl.rest.key-password', stringType, 'Password of the key in the keystore', {
  fallback: ['security.ssl.key-password'],
});
export const sslRestFingerprint = option(
  'security.ssl.rest.cert.fingerprint',
  stringType,
  'SHA-1 fingerprints that are accepted for the certificate of the REST endpoint',
);
export const sslVerifyHostname = option(
  'security.ssl.rest.verify-hostname',
  booleanType,
  'Compare the host name with the certificate of the REST endpoint',
  { fallback: ['security.ssl.verify-hostname'] },
);
export const kerberosKeytab = option('security.kerberos.login.keytab', stringType, 'Local keytab file, sent as a Secret', {
  deprecated: ['security.keytab'],
});
export const kerberosPrincipal = option('security.kerberos.login.principal', stringType, 'Kerberos principal of the keytab', {
  deprecated: ['security.principal'],
});
export const kerberosKrb5Path = option('security.kerberos.krb5-conf.path', stringType, 'Local krb5.conf, sent as a ConfigMap');

export const artifactBaseDir = option('user.artifacts.base-dir', stringType, 'Folder in the pods for fetched artifacts', {
  default: '/opt/flink/artifacts',
  since: '1.19',
});
export const artifactList = option('user.artifacts.artifact-list', listType, 'More artifacts that the JobManager fetches', {
  since: '1.19',
});
export const artifactRawHttpEnabled = option('user.artifacts.raw-http-enabled', booleanType, 'Fetch artifacts by http without TLS', {
  default: false,
  since: '1.19',
});
export const artifactHttpHeaders = option('user.artifacts.http-headers', mapType, 'Headers of requests that fetch artifacts', {
  since: '1.19',
});

export const javaOptionsAll = option('env.java.opts.all', stringType, 'JVM options of every process', {
  default: '',
  deprecated: ['env.java.opts'],
});
export const javaOptionsJobManager = option('env.java.opts.jobmanager', stringType, 'JVM options of the JobManager', { default: '' });
export const javaOptionsTaskManager = option('env.java.opts.taskmanager', stringType, 'JVM options of the TaskManagers', { default: '' });
export const externalResources = option('external-resources', listType, 'Names of external resources, like gpu');
export const savepointDirectory = option('execution.checkpointing.savepoint-dir', stringType, 'Default folder of savepoints', {
  deprecated: ['state.savepoints.dir', 'savepoints.state.backend.fs.dir'],
});
export const checkpointDirectory = option('execution.checkpointing.dir', stringType, 'Folder of checkpoints', {
  deprecated: ['state.checkpoints.dir', 'state.backend.fs.checkpointdir'],
});

export const s3Endpoint = option('s3.endpoint', stringType, 'Address of an S3-compatible store', {
  fallback: ['s3a.endpoint', 'fs.s3a.endpoint'],
});
export const s3PathStyleAccess = option('s3.path.style.access', booleanType, 'Name the bucket in the path instead of the host name', {
  default: false,
  fallback: ['s3.path-style-access', 'fs.s3a.path.style.access'],
});
export const s3AccessKey = option('s3.access-key', stringType, 'Access key of the S3 store', {
  fallback: ['s3.access.key', 'fs.s3a.access.key'],
});
export const s3SecretKey = option('s3.secret-key', stringType, 'Secret key of the S3 store', {
  fallback: ['s3.secret.key', 'fs.s3a.secret.key'],
});
export const s3Region = option('s3.region', stringType, 'Region of the S3 store', {
  fallback: ['s3.endpoint.region', 'fs.s3a.endpoint.region'],
});
export const dreyFlinkVersion = option(
  targetKeys.flinkVersion,
  stringType,
  'Flink version of the cluster, if neither the command line nor the image says which; not sent to a cluster',
);
