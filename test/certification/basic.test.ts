import { describe } from 'vitest'
import { describeBasicModules } from './basic-modules.ts'

describe('oidcc-basic-certification-test-plan', () => describeBasicModules('default'))
