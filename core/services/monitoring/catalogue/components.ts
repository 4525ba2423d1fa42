import type { Row } from './types.js'

const member = (series: string): string => `label_replace(${series}, "node_ip", "$1", "instance", "(.*):.*")`

export const etcd: readonly Row[] = [
  ['etcd_server_list', 'flag 0/1', 'Members, and whether each is up', member('up{job="etcd"}')],
  ['etcd_server_total', 'count', 'How many members there are', 'count(up{job="etcd"})'],
  ['etcd_server_up_total', 'count', 'Members that are up', 'etcd:up:sum'],
  ['etcd_server_has_leader', 'flag 0/1', 'Whether a member knows of a leader', member('etcd_server_has_leader')],
  ['etcd_server_is_leader', 'flag 0/1', 'Whether a member is the leader', member('etcd_server_is_leader')],
  ['etcd_server_leader_changes', 'count', 'Changes of the leader', 'label_replace(etcd:etcd_server_leader_changes_seen:sum_changes, "node_ip", "$1", "node", "(.*)")'],
  ['etcd_server_proposals_failed_rate', 'ops/s', 'Proposals that failed, in a second', 'avg(etcd:etcd_server_proposals_failed:sum_irate)'],
  ['etcd_server_proposals_applied_rate', 'ops/s', 'Proposals that were applied, in a second', 'avg(etcd:etcd_server_proposals_applied:sum_irate)'],
  ['etcd_server_proposals_committed_rate', 'ops/s', 'Proposals that were agreed on, in a second', 'avg(etcd:etcd_server_proposals_committed:sum_irate)'],
  ['etcd_server_proposals_pending_count', 'count', 'Proposals that wait', 'avg(etcd:etcd_server_proposals_pending:sum)'],
  ['etcd_mvcc_db_size', 'bytes', 'Size of the database, the mean of the members', 'avg(etcd:etcd_mvcc_db_total_size:sum)', 'avg(etcd:etcd_debugging_mvcc_db_total_size:sum)'],
  ['etcd_network_client_grpc_received_bytes', 'bytes/s', 'Bytes from clients in a second', 'sum(etcd:etcd_network_client_grpc_received_bytes:sum_irate)'],
  ['etcd_network_client_grpc_sent_bytes', 'bytes/s', 'Bytes to clients in a second', 'sum(etcd:etcd_network_client_grpc_sent_bytes:sum_irate)'],
  ['etcd_grpc_call_rate', 'ops/s', 'Calls begun in a second', 'sum(etcd:grpc_server_started:sum_irate)'],
  ['etcd_grpc_call_failed_rate', 'ops/s', 'Calls that failed in a second', 'sum(etcd:grpc_server_handled:sum_irate)'],
  ['etcd_grpc_server_msg_received_rate', 'msg/s', 'Messages received in a second', 'sum(etcd:grpc_server_msg_received:sum_irate)'],
  ['etcd_grpc_server_msg_sent_rate', 'msg/s', 'Messages sent in a second', 'sum(etcd:grpc_server_msg_sent:sum_irate)'],
  ['etcd_disk_wal_fsync_duration', 'seconds', 'Mean time to put the log on disk', 'avg(etcd:etcd_disk_wal_fsync_duration:avg)'],
  ['etcd_disk_wal_fsync_duration_quantile', 'seconds', 'Time to put the log on disk, by quantile', 'avg by (quantile) (etcd:etcd_disk_wal_fsync_duration:histogram_quantile)'],
  ['etcd_disk_backend_commit_duration', 'seconds', 'Mean time to commit', 'avg(etcd:etcd_disk_backend_commit_duration:avg)'],
  ['etcd_disk_backend_commit_duration_quantile', 'seconds', 'Time to commit, by quantile', 'avg by (quantile) (etcd:etcd_disk_backend_commit_duration:histogram_quantile)'],
]

export const apiserver: readonly Row[] = [
  ['apiserver_up_sum', 'count', 'Kubernetes API servers that are up', 'apiserver:up:sum'],
  ['apiserver_request_rate', 'req/s', 'Requests in a second', 'apiserver:apiserver_request_total:sum_irate'],
  ['apiserver_request_by_verb_rate', 'req/s', 'Requests in a second, by verb', 'apiserver:apiserver_request_total:sum_verb_irate'],
  ['apiserver_request_latencies', 'seconds', 'Mean time to answer', 'apiserver:apiserver_request_duration:avg'],
  ['apiserver_request_by_verb_latencies', 'seconds', 'Mean time to answer, by verb', 'apiserver:apiserver_request_duration:avg_by_verb'],
]

export const scheduler: readonly Row[] = [
  ['scheduler_up_sum', 'count', 'Schedulers that are up', 'scheduler:up:sum'],
  ['scheduler_schedule_attempts', 'count', 'Attempts to place a pod, by result', 'scheduler:scheduler_schedule_attempts:sum'],
  ['scheduler_schedule_attempt_rate', 'ops/s', 'Attempts to place a pod in a second, by result', 'scheduler:scheduler_schedule_attempts:sum_rate'],
  ['scheduler_e2e_scheduling_latency', 'seconds', 'Mean time to place a pod', 'scheduler:scheduler_e2e_scheduling_duration:avg'],
  ['scheduler_e2e_scheduling_latency_quantile', 'seconds', 'Time to place a pod, by quantile', 'scheduler:scheduler_e2e_scheduling_duration:histogram_quantile'],
]
