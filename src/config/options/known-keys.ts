/**
 * The keys of Flink 2.3 that are not rows of the option table, deprecated ones included: their first word, a colon, and the rest. They are
 * listed only to distinguish a misspelling from a key of another component.
 */
const rest = `
akka: ask.callstack ask.timeout client-socket-worker-pool.pool-size-factor client-socket-worker-pool.pool-size-max
akka: client-socket-worker-pool.pool-size-min fork-join-executor.parallelism-factor fork-join-executor.parallelism-max
akka: fork-join-executor.parallelism-min framesize jvm-exit-on-fatal-error log.lifecycle.events lookup.timeout retry-gate-closed-for
akka: rpc.force-invocation-serialization server-socket-worker-pool.pool-size-factor server-socket-worker-pool.pool-size-max
akka: server-socket-worker-pool.pool-size-min ssl.enabled startup-timeout tcp.timeout throughput
application-result-store: delete-on-commit storage-path
blob: client.connect.timeout client.socket.timeout fetch.backlog fetch.num-concurrent fetch.retries offload.minsize service.cleanup.interval
blob: service.ssl.enabled storage.directory
classloader: check-leaked-classloader fail-on-metaspace-oom-error parent-first-patterns parent-first-patterns.additional parent-first-patterns.default
classloader: resolve-order
cleanup-strategy: exponential-delay.attempts exponential-delay.initial-backoff exponential-delay.max-backoff fixed-delay.attempts fixed-delay.delay
cleanup-strategy: type
client: retry-period
cluster: id intercept-user-system-exit io-pool.size processes.halt-on-fatal-error registration.error-delay registration.initial-timeout
cluster: registration.max-timeout registration.refused-registration-delay services.shutdown-timeout thread-dump.stacktrace-max-depth
cluster: uncaught-exception-handling
compiler: delimited-informat.max-line-samples delimited-informat.max-sample-len delimited-informat.min-line-samples
completed-application-store: cache-size expiration-time max-capacity type
dstl: dfs.base-path dfs.batch.persist-delay dfs.batch.persist-size-threshold dfs.compression.enabled dfs.discard.num-threads
dstl: dfs.download.local-cache.idle-timeout-ms dfs.preemptive-persist-threshold dfs.upload.buffer-size dfs.upload.max-attempts
dstl: dfs.upload.max-in-flight dfs.upload.next-attempt-delay dfs.upload.num-threads dfs.upload.retry-policy dfs.upload.timeout
env: hadoop.conf.dir hbase.conf.dir java.default-opts.all java.default-opts.jobmanager java.default-opts.taskmanager java.home java.opts.client
env: java.opts.historyserver java.opts.sql-gateway log.dir log.level log.max pid.dir ssh.opts stdout-err.redirect-to-file yarn.conf.dir
events: reporters
execution: allow-client-job-configurations async-state.active-buffer-size async-state.active-buffer-timeout async-state.total-buffer-size
execution: batch-shuffle-mode batch-state-backend.enabled batch.adaptive.auto-parallelism.avg-data-volume-per-task
execution: batch.adaptive.auto-parallelism.default-source-parallelism batch.adaptive.auto-parallelism.enabled
execution: batch.adaptive.auto-parallelism.max-parallelism batch.adaptive.auto-parallelism.min-parallelism batch.job-recovery.enabled
execution: batch.job-recovery.previous-worker.recovery.timeout batch.job-recovery.snapshot.min-pause batch.speculative.block-slow-node-duration
execution: batch.speculative.enabled batch.speculative.max-concurrent-executions buffer-timeout buffer-timeout.enabled buffer-timeout.interval
execution: checkpointing.aligned-checkpoint-timeout checkpointing.alignment-timeout checkpointing.approximate-local-recovery
execution: checkpointing.checkpoints-after-tasks-finish checkpointing.checkpoints-after-tasks-finish.enabled checkpointing.cleaner.parallel-mode
execution: checkpointing.create-subdir checkpointing.data-inline-threshold checkpointing.during-recovery.enabled
execution: checkpointing.externalized-checkpoint-retention checkpointing.file-merging.across-checkpoint-boundary checkpointing.file-merging.enabled
execution: checkpointing.file-merging.max-file-size checkpointing.file-merging.max-space-amplification
execution: checkpointing.file-merging.max-subtasks-per-file checkpointing.file-merging.pool-blocking checkpointing.incremental checkpointing.interval
execution: checkpointing.interval-during-backlog checkpointing.local-backup.dirs checkpointing.local-backup.enabled
execution: checkpointing.max-concurrent-checkpoints checkpointing.min-pause checkpointing.mode checkpointing.num-retained
execution: checkpointing.recover-without-channel-state.checkpoint-id checkpointing.snapshot-compression checkpointing.storage checkpointing.timeout
execution: checkpointing.tolerable-failed-checkpoints checkpointing.unaligned checkpointing.unaligned.enabled checkpointing.unaligned.forced
execution: checkpointing.unaligned.interruptible-timers.enabled checkpointing.unaligned.max-subtasks-per-channel-state-file
execution: checkpointing.unaligned.recover-output-on-downstream.enabled checkpointing.write-buffer-size job-listeners job-status-changed-listeners
execution: program-config.enabled program-config.wildcards runtime-mode shutdown-on-application-finish sort-keyed-partition.memory
execution: sort-partition.memory sorted-inputs.enabled sorted-inputs.memory state-recovery.approximate-local-recovery state-recovery.from-local
execution: state-recovery.without-channel-state.checkpoint-id submit-failed-job-on-application-error
execution: terminate-application-on-any-job-terminated-exceptionally
factory: class
filter: excludes includes
fs: allowed-fallback-filesystems default-scheme output.always-create-directory overwrite-files
heartbeat: interval rpc-failure-threshold timeout
high-availability: zookeeper.client.acl zookeeper.client.authorization zookeeper.client.connection-timeout zookeeper.client.ensemble-tracker
high-availability: zookeeper.client.max-close-wait zookeeper.client.max-retry-attempts zookeeper.client.max-retry-wait zookeeper.client.retry-wait
high-availability: zookeeper.client.session-timeout zookeeper.client.simulated-session-expiration-percent
high-availability: zookeeper.client.tolerate-suspended-connections zookeeper.path.applications zookeeper.path.execution-plans zookeeper.path.jobgraphs
high-availability: zookeeper.path.root zookeeper.quorum
historyserver: archive.clean-expired-applications archive.clean-expired-jobs archive.fs.dir archive.fs.refresh-interval archive.retained-applications
historyserver: archive.retained-jobs archive.retained-ttl log.jobmanager.url-pattern log.taskmanager.url-pattern web.address web.port
historyserver: web.refresh-interval web.ssl.enabled web.tmpdir
internal: taskmanager.node-id taskmanager.resource-id.metadata
io: tmp.dirs
jmx: server.port
job-event: store.write-buffer.flush-interval store.write-buffer.size
job-manager: max-attempts-history-size
job-result-store: delete-on-commit storage-path
jobmanager: adaptive-batch-scheduler.avg-data-volume-per-task adaptive-batch-scheduler.default-source-parallelism
jobmanager: adaptive-batch-scheduler.max-parallelism adaptive-batch-scheduler.min-parallelism
jobmanager: adaptive-batch-scheduler.speculative.block-slow-node-duration adaptive-batch-scheduler.speculative.enabled
jobmanager: adaptive-batch-scheduler.speculative.max-concurrent-executions adaptive-scheduler.executing.cooldown-after-rescaling
jobmanager: adaptive-scheduler.executing.resource-stabilization-timeout adaptive-scheduler.min-parallelism-increase
jobmanager: adaptive-scheduler.prefer-minimal-taskmanagers adaptive-scheduler.rescale-trigger.max-checkpoint-failures
jobmanager: adaptive-scheduler.rescale-trigger.max-delay adaptive-scheduler.resource-stabilization-timeout adaptive-scheduler.resource-wait-timeout
jobmanager: adaptive-scheduler.scaling-interval.max adaptive-scheduler.scaling-interval.min
jobmanager: adaptive-scheduler.submission.resource-stabilization-timeout adaptive-scheduler.submission.resource-wait-timeout archive.fs.dir
jobmanager: execution.attempts-history-size failure-enrichers future-pool.size io-pool.size
jobmanager: memory.enable-jvm-direct-memory-limit partition.hybrid.partition-data-consume-constraint partition.release-during-job-execution
jobmanager: resource-id retrieve-taskmanager-hostname rpc.bind-port scheduler web.access-control-allow-origin web.checkpoints.history web.history
jobmanager: web.log.path web.refresh-interval web.tmpdir web.upload.dir
jobstore: cache-size expiration-time max-capacity type
library-cache-manager: cleanup.interval
local: number-taskmanager
metrics: fetcher.update-interval internal.query-service.port internal.query-service.thread-priority job.status.enable latency.granularity
metrics: latency.history-size latency.interval reporters scope.delimiter scope.jm scope.jm-job scope.jm-operator scope.jm.job scope.operator
metrics: scope.task scope.tm scope.tm-job scope.tm.job system-resource system-resource-probing-interval
minicluster: number-of-taskmanagers
pekko: ask.callstack ask.timeout client-socket-worker-pool.pool-size-factor client-socket-worker-pool.pool-size-max
pekko: client-socket-worker-pool.pool-size-min fork-join-executor.parallelism-factor fork-join-executor.parallelism-max
pekko: fork-join-executor.parallelism-min framesize jvm-exit-on-fatal-error log.lifecycle.events lookup.timeout
pekko: remote-fork-join-executor.parallelism-factor remote-fork-join-executor.parallelism-max remote-fork-join-executor.parallelism-min
pekko: retry-gate-closed-for rpc.force-invocation-serialization server-socket-worker-pool.pool-size-factor server-socket-worker-pool.pool-size-max
pekko: server-socket-worker-pool.pool-size-min ssl.enabled startup-timeout tcp.timeout throughput
pipeline: auto-generate-uids auto-watermark-interval cached-files closure-cleaner-level force-avro force-kryo force-kryo-avro generic-types
pipeline: global-job-parameters jobvertex-parallelism-overrides max-parallelism object-reuse operator-chaining
pipeline: operator-chaining.chain-operators-with-different-max-parallelism operator-chaining.enabled serialization-config
pipeline: sources.pause-until-first-checkpoint vertex-description-mode vertex-name-include-index-prefix
pipeline: watermark-alignment.allow-unaligned-source-splits watermark-alignment.buffer-size
plugin: classloader.parent-first-patterns.additional classloader.parent-first-patterns.default
process: jobmanager.working-dir taskmanager.working-dir working-dir
query: client.network-threads proxy.network-threads proxy.ports proxy.query-threads server.network-threads server.ports server.query-threads
queryable-state: client.network-threads enable proxy.network-threads proxy.ports proxy.query-threads server.network-threads server.ports
queryable-state: server.query-threads
recovery: zookeeper.client.connection-timeout zookeeper.client.max-retry-attempts zookeeper.client.retry-wait zookeeper.client.session-timeout
recovery: zookeeper.path.jobgraphs zookeeper.path.root zookeeper.quorum
resourcemanager: job.timeout previous-worker.recovery.timeout rpc.port standalone.start-up-time start-worker.max-failure-rate
resourcemanager: start-worker.retry-interval taskmanager-registration.timeout
rest: async.store-duration cache.checkpoint-statistics.size cache.checkpoint-statistics.timeout cache.execution-graph.timeout
rest: client.max-content-length flamegraph.cleanup-interval flamegraph.delay-between-samples flamegraph.enabled flamegraph.num-samples
rest: flamegraph.refresh-interval flamegraph.stack-depth path profiling.dir profiling.duration-max profiling.enabled profiling.history-size
rest: server.max-content-length server.numThreads server.thread-priority
restart-strategy: exponential-delay.attempts-before-reset-backoff exponential-delay.backoff-multiplier exponential-delay.initial-backoff
restart-strategy: exponential-delay.jitter-factor exponential-delay.max-backoff exponential-delay.reset-backoff-threshold failure-rate.delay
restart-strategy: failure-rate.failure-rate-interval failure-rate.max-failures-per-interval fixed-delay.attempts fixed-delay.delay type
scope: delimiter variables.additional variables.excludes
security: context.factory.classes delegation.tokens.enabled delegation.tokens.renewal.retry.backoff delegation.tokens.renewal.time-ratio
security: kerberos.access.hadoopFileSystems kerberos.fetch.delegation-token kerberos.login.contexts kerberos.login.use-ticket-cache
security: kerberos.relogin.period kerberos.tokens.renewal.retry.backoff kerberos.tokens.renewal.time-ratio module.factory.classes ssl.algorithms
security: ssl.close-notify-flush-timeout ssl.handshake-timeout ssl.internal.cert.fingerprint ssl.internal.close-notify-flush-timeout
security: ssl.internal.enabled ssl.internal.handshake-timeout ssl.internal.key-password ssl.internal.keystore ssl.internal.keystore-password
security: ssl.internal.keystore-type ssl.internal.session-cache-size ssl.internal.session-timeout ssl.internal.truststore
security: ssl.internal.truststore-password ssl.internal.truststore-type ssl.key-password ssl.keystore ssl.keystore-password ssl.protocol ssl.provider
security: ssl.rest.authentication-enabled ssl.rest.cert.fingerprint ssl.rest.key-password ssl.rest.keystore ssl.rest.keystore-password
security: ssl.rest.keystore-type ssl.rest.truststore ssl.rest.truststore-password ssl.rest.truststore-type ssl.rest.verify-hostname
security: ssl.session-cache-size ssl.session-timeout ssl.truststore ssl.truststore-password ssl.verify-hostname
shuffle-service-factory: class
sink: batch.max-size committer.retries flush-buffer.size flush-buffer.timeout requests.max-buffered requests.max-inflight
slot: idle.timeout request.max-interval request.timeout
slotmanager: declare-needed-resource.delay max-total-resource.cpu max-total-resource.memory min-total-resource.cpu min-total-resource.memory
slotmanager: number-of-slots.max number-of-slots.min redundant-taskmanager-num requirement-check.delay
slow-task-detector: check-interval execution-time.baseline-lower-bound execution-time.baseline-multiplier execution-time.baseline-ratio
source: reader.close.timeout reader.element.queue.capacity
state: backend backend.changelog.enabled backend.changelog.max-failures-allowed backend.changelog.periodic-materialize.enabled
state: backend.changelog.periodic-materialize.interval backend.changelog.storage backend.forst.block.blocksize backend.forst.block.cache-size
state: backend.forst.block.metadata-blocksize backend.forst.bloom-filter.bits-per-key backend.forst.bloom-filter.block-based-mode
state: backend.forst.cache.dir backend.forst.cache.lru.access-before-promote backend.forst.cache.lru.promote-limit backend.forst.cache.reserve-size
state: backend.forst.cache.size-based-limit backend.forst.compaction.filter.periodic-compaction-time
state: backend.forst.compaction.filter.query-time-after-num-entries backend.forst.compaction.level.max-size-level-base
state: backend.forst.compaction.level.target-file-size-base backend.forst.compaction.level.use-dynamic-size backend.forst.compaction.style
state: backend.forst.compression.per.level backend.forst.executor.inline-coordinator backend.forst.executor.inline-write
state: backend.forst.executor.read-io-parallelism backend.forst.executor.write-io-parallelism backend.forst.files.open backend.forst.local-dir
state: backend.forst.log.dir backend.forst.log.file-num backend.forst.log.level backend.forst.log.max-file-size backend.forst.memory.fixed-per-slot
state: backend.forst.memory.fixed-per-tm backend.forst.memory.high-prio-pool-ratio backend.forst.memory.managed
state: backend.forst.memory.partitioned-index-filters backend.forst.memory.write-buffer-ratio backend.forst.metrics.actual-delayed-write-rate
state: backend.forst.metrics.background-errors backend.forst.metrics.block-cache-capacity backend.forst.metrics.block-cache-hit
state: backend.forst.metrics.block-cache-miss backend.forst.metrics.block-cache-pinned-usage backend.forst.metrics.block-cache-usage
state: backend.forst.metrics.bloom-filter-full-positive backend.forst.metrics.bloom-filter-full-true-positive
state: backend.forst.metrics.bloom-filter-useful backend.forst.metrics.bytes-read backend.forst.metrics.bytes-written
state: backend.forst.metrics.column-family-as-variable backend.forst.metrics.compaction-pending backend.forst.metrics.compaction-read-bytes
state: backend.forst.metrics.compaction-write-bytes backend.forst.metrics.cur-size-active-mem-table backend.forst.metrics.cur-size-all-mem-tables
state: backend.forst.metrics.estimate-live-data-size backend.forst.metrics.estimate-num-keys backend.forst.metrics.estimate-pending-compaction-bytes
state: backend.forst.metrics.estimate-table-readers-mem backend.forst.metrics.is-write-stopped backend.forst.metrics.iter-bytes-read
state: backend.forst.metrics.live-sst-files-size backend.forst.metrics.mem-table-flush-pending backend.forst.metrics.num-deletes-active-mem-table
state: backend.forst.metrics.num-deletes-imm-mem-tables backend.forst.metrics.num-entries-active-mem-table
state: backend.forst.metrics.num-entries-imm-mem-tables backend.forst.metrics.num-files-at-level backend.forst.metrics.num-immutable-mem-table
state: backend.forst.metrics.num-live-versions backend.forst.metrics.num-running-compactions backend.forst.metrics.num-running-flushes
state: backend.forst.metrics.num-snapshots backend.forst.metrics.size-all-mem-tables backend.forst.metrics.stall-micros
state: backend.forst.metrics.total-sst-files-size backend.forst.options-factory backend.forst.primary-dir
state: backend.forst.rescaling.use-delete-files-in-range backend.forst.restore-overlap-fraction-threshold backend.forst.sync.enforce-local
state: backend.forst.thread.num backend.forst.timer-service.cache-size backend.forst.timer-service.factory backend.forst.use-bloom-filter
state: backend.forst.use-ingest-db-restore-mode backend.forst.write-batch-size backend.forst.writebuffer.count
state: backend.forst.writebuffer.number-to-merge backend.forst.writebuffer.size backend.fs.memory-threshold backend.fs.write-buffer-size
state: backend.incremental backend.latency-track.history-size backend.latency-track.keyed-state-enabled backend.latency-track.sample-interval
state: backend.latency-track.state-name-as-variable backend.local-recovery backend.rocksdb.block.blocksize backend.rocksdb.block.cache-size
state: backend.rocksdb.block.metadata-blocksize backend.rocksdb.bloom-filter.bits-per-key backend.rocksdb.bloom-filter.block-based-mode
state: backend.rocksdb.checkpoint.transfer.thread.num backend.rocksdb.compaction.filter.periodic-compaction-time
state: backend.rocksdb.compaction.filter.query-time-after-num-entries backend.rocksdb.compaction.level.max-size-level-base
state: backend.rocksdb.compaction.level.target-file-size-base backend.rocksdb.compaction.level.use-dynamic-size backend.rocksdb.compaction.style
state: backend.rocksdb.compression.per.level backend.rocksdb.files.open backend.rocksdb.incremental-restore-async-compact-after-rescale
state: backend.rocksdb.localdir backend.rocksdb.log.dir backend.rocksdb.log.file-num backend.rocksdb.log.level backend.rocksdb.log.max-file-size
state: backend.rocksdb.manual-compaction.max-auto-compactions backend.rocksdb.manual-compaction.max-file-size-to-compact
state: backend.rocksdb.manual-compaction.max-files-to-compact backend.rocksdb.manual-compaction.max-output-file-size
state: backend.rocksdb.manual-compaction.max-parallel-compactions backend.rocksdb.manual-compaction.min-files-to-compact
state: backend.rocksdb.manual-compaction.min-interval backend.rocksdb.memory.fixed-per-slot backend.rocksdb.memory.fixed-per-tm
state: backend.rocksdb.memory.high-prio-pool-ratio backend.rocksdb.memory.managed backend.rocksdb.memory.partitioned-index-filters
state: backend.rocksdb.memory.write-buffer-ratio backend.rocksdb.metrics.actual-delayed-write-rate backend.rocksdb.metrics.background-errors
state: backend.rocksdb.metrics.block-cache-capacity backend.rocksdb.metrics.block-cache-hit backend.rocksdb.metrics.block-cache-miss
state: backend.rocksdb.metrics.block-cache-pinned-usage backend.rocksdb.metrics.block-cache-usage backend.rocksdb.metrics.bloom-filter-full-positive
state: backend.rocksdb.metrics.bloom-filter-full-true-positive backend.rocksdb.metrics.bloom-filter-useful backend.rocksdb.metrics.bytes-read
state: backend.rocksdb.metrics.bytes-written backend.rocksdb.metrics.column-family-as-variable backend.rocksdb.metrics.compaction-pending
state: backend.rocksdb.metrics.compaction-read-bytes backend.rocksdb.metrics.compaction-write-bytes backend.rocksdb.metrics.cur-size-active-mem-table
state: backend.rocksdb.metrics.cur-size-all-mem-tables backend.rocksdb.metrics.estimate-live-data-size backend.rocksdb.metrics.estimate-num-keys
state: backend.rocksdb.metrics.estimate-pending-compaction-bytes backend.rocksdb.metrics.estimate-table-readers-mem
state: backend.rocksdb.metrics.is-write-stopped backend.rocksdb.metrics.iter-bytes-read backend.rocksdb.metrics.live-sst-files-size
state: backend.rocksdb.metrics.mem-table-flush-pending backend.rocksdb.metrics.num-deletes-active-mem-table
state: backend.rocksdb.metrics.num-deletes-imm-mem-tables backend.rocksdb.metrics.num-entries-active-mem-table
state: backend.rocksdb.metrics.num-entries-imm-mem-tables backend.rocksdb.metrics.num-files-at-level backend.rocksdb.metrics.num-immutable-mem-table
state: backend.rocksdb.metrics.num-live-versions backend.rocksdb.metrics.num-running-compactions backend.rocksdb.metrics.num-running-flushes
state: backend.rocksdb.metrics.num-snapshots backend.rocksdb.metrics.size-all-mem-tables backend.rocksdb.metrics.stall-micros
state: backend.rocksdb.metrics.total-sst-files-size backend.rocksdb.options-factory backend.rocksdb.predefined-options
state: backend.rocksdb.rescaling.use-delete-files-in-range backend.rocksdb.restore-overlap-fraction-threshold backend.rocksdb.thread.num
state: backend.rocksdb.timer-service.cache-size backend.rocksdb.timer-service.factory backend.rocksdb.use-bloom-filter
state: backend.rocksdb.use-ingest-db-restore-mode backend.rocksdb.write-batch-size backend.rocksdb.writebuffer.count
state: backend.rocksdb.writebuffer.number-to-merge backend.rocksdb.writebuffer.size backend.type changelog.dstl.dfs.base-path
state: changelog.dstl.dfs.batch.persist-delay changelog.dstl.dfs.batch.persist-size-threshold changelog.dstl.dfs.compression.enabled
state: changelog.dstl.dfs.discard.num-threads changelog.dstl.dfs.download.local-cache.idle-timeout-ms changelog.dstl.dfs.preemptive-persist-threshold
state: changelog.dstl.dfs.upload.buffer-size changelog.dstl.dfs.upload.max-attempts changelog.dstl.dfs.upload.max-in-flight
state: changelog.dstl.dfs.upload.next-attempt-delay changelog.dstl.dfs.upload.num-threads changelog.dstl.dfs.upload.retry-policy
state: changelog.dstl.dfs.upload.timeout changelog.enabled changelog.max-failures-allowed changelog.periodic-materialize.enabled
state: changelog.periodic-materialize.interval changelog.storage checkpoint-storage checkpoint.cleaner.parallel-mode checkpoints.create-subdir
state: checkpoints.num-retained latency-track.history-size latency-track.keyed-state-enabled latency-track.sample-interval
state: latency-track.state-name-as-variable size-track.history-size size-track.keyed-state-enabled size-track.sample-interval
state: size-track.state-name-as-variable storage.fs.memory-threshold storage.fs.write-buffer-size
statebackend: useManagedMemory
task: cancellation-interval cancellation.interval cancellation.timeout cancellation.timers.timeout
taskmanager: collect-sink.port data.bind-port data.port data.ssl.enabled debug.memory.log debug.memory.log-interval debug.memory.logIntervalMs
taskmanager: debug.memory.startLogThread jvm-exit-on-oom load-balance.mode log.path maxRegistrationDuration
taskmanager: memory.framework.off-heap.batch-shuffle.size memory.managed.consumer-weights memory.min-segment-size memory.segment-size
taskmanager: memory.starting-segment-size net.client.connectTimeoutSec net.request-backoff.initial net.request-backoff.max
taskmanager: network.adaptive-partitioner.enabled network.adaptive-partitioner.max-traverse-size network.bind-policy network.compression.codec
taskmanager: network.detailed-metrics network.hybrid-shuffle.external-remote-tier-factory.class network.hybrid-shuffle.remote.path
taskmanager: network.memory.buffer-debloat.enabled network.memory.buffer-debloat.period network.memory.buffer-debloat.samples
taskmanager: network.memory.buffer-debloat.target network.memory.buffer-debloat.threshold-percentages network.memory.buffers-request-timeout
taskmanager: network.memory.exclusive-buffers-request-timeout-ms network.memory.read-buffer.required-per-gate.max
taskmanager: network.netty.client.connectTimeoutSec network.netty.client.tcp.keepCount network.netty.client.tcp.keepIdleSec
taskmanager: network.netty.client.tcp.keepIntervalSec network.partition-request-timeout network.request-backoff.initial network.request-backoff.max
taskmanager: network.retries network.sort-shuffle.min-buffers network.tcp-connection.enable-reuse-across-jobs registration.timeout resource-id
taskmanager: rpc.bind-port runtime.fs-timeout runtime.fs_timeout runtime.hashjoin-bloom-filters runtime.large-record-handler runtime.max-fan
taskmanager: runtime.sort-spilling-threshold slot.timeout state.local.root-dirs system-out.log.cache-upper-size system-out.log.thread-name.enabled
taskmanager: system-out.mode tmp.dirs
timerservice: exceptional.shutdown.timeout
traces: checkpoint.span-detail-level reporters
web: access-control-allow-origin adaptive-scheduler.rescale-history.size cancel.enable checkpoints.history exception-history-size history log.path
web: refresh-interval rescale.enable timeout tmpdir upload.dir
yarn: application-attempt-failures-validity-interval application-attempts application-master.port application.id application.name
yarn: application.node-label application.priority application.queue application.type appmaster.vcores classpath.include-user-jar
yarn: container-start-command-template containers.vcores file-replication flink-dist-jar heartbeat-delay heartbeat.container-request-interval
yarn: heartbeat.interval modify.acls per-job-cluster.include-user-jar properties-file.location provided.lib.dirs provided.usrlib.dir
yarn: rolled-logs.exclude-pattern rolled-logs.include-pattern security.appmaster.delegation.token.services security.kerberos.additionalFileSystems
yarn: security.kerberos.localized-keytab-path security.kerberos.ship-local-keytab ship-archives ship-directories ship-files staging-directory tags
yarn: taskmanager.node-label view.acls
zookeeper: sasl.disable sasl.login-context-name sasl.service-name
`;

/** All of them, in full. */
export function otherFlinkKeys(): readonly string[] {
  return rest
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [start = '', ends = ''] = line.split(': ');
      return ends.split(' ').map((end) => `${start}.${end}`);
    });
}
