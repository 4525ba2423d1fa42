/** Where the platform keeps what it runs for people. */
export const controlsNamespace = 'kubesphere-controls-system'
/** Says whose an object is. */
export const usernameLabel = 'kubesphere.io/username'
/** Longer names fit into no label. */
export const longestName = 63
