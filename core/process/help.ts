import { flagKeys } from '../../config/flags.js'

export const version = 'v3.4.1'

/** What `--help` prints. */
export const help = (): string => `ks-apiserver ${version}

Usage:
  npm start -- [flags]      serve
  npm start -- version      print the version
  npm start -- unlock USER [flags]
                            let somebody log in again after too many wrong passwords, or after having been disabled
  npm start -- reset-password USER [flags]
                            give somebody the password on stdin, or a random one that is printed once; their sessions end
  npm run snapshot -- FILE  copy the store of the embedded Kubernetes to a file, while it runs

  --config FILE             a configuration file; without it kubesphere.yaml is looked for in /etc/kubesphere and in the working directory
  --v N                     verbosity; 4 and more: debug
  --restore FILE            load what \`npm run snapshot -- FILE\` wrote, then serve; refused where the data directory holds a store already
  --force                   with --restore: move the store that is there aside

unlock and reset-password reach the cluster that the same flags and file name to the server, with its credentials; the embedded Kubernetes while no server
runs on the data directory. An empty stdin and a terminal are no password: one is made up.

Flags that set a key of the configuration:
${flagKeys.map(([flag, key]) => `  --${flag.padEnd(48)} ${key}`).join('\n')}
`
