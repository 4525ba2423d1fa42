import neostandard from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: ['dist/**', '.data/**', 'node_modules/**'] }),
  { rules: { 'no-redeclare': 'off', 'no-void': ['error', { allowAsStatement: true }], '@typescript-eslint/no-redeclare': 'off', '@stylistic/quote-props': ['error', 'as-needed'] } },
]
