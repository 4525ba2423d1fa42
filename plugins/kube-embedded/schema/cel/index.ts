export { ruleCauses } from './rule-causes.js'
export { validatorOf, type Validator } from './validator.js'
