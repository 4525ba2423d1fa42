export { compileSchema } from './compile.js'
export { crdConditions, kindRowsOf, type DefinitionStatus } from './definition.js'
export { validateCRD } from './definition-causes.js'
