import { describe } from 'vitest'
import { describeBasicModules } from './basic-modules.ts'

describe('oidcc-formpost-basic-certification-test-plan', () => describeBasicModules('form_post'))
