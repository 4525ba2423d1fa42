import { flagKeys } from '../../config/flags.js'

export const version = 'v3.4.1'

/** What `--help` prints. */
export const help = (): string => `ks-apiserver ${version}

Usage:
  npm start -- [flags]      serve
  npm start -- version      print the version
  npm run snapshot -- FILE  copy the store of the embedded Kubernetes to a file, while it runs

  --config FILE             a configuration file; without it kubesphere.yaml is looked for in /etc/kubesphere and in the working directory
  --v N                     verbosity; 4 and more: debug
  --restore FILE            load what \`npm run snapshot -- FILE\` wrote, then serve; refused where the data directory holds a store already
  --force                   with --restore: move the store that is there aside

Flags that set a key of the configuration:
${flagKeys.map(([flag, key]) => `  --${flag.padEnd(48)} ${key}`).join('\n')}
`
