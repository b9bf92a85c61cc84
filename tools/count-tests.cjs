'use strict';
// count-tests BROKEN-STEPS REPORT.json…: sums up vitest's reports. The last line is `N passed, N failed`; the exit code is 1 if any failed.
// Runs on whatever node is on PATH. A broken step that a report explains by failed tests is not counted twice.
const { existsSync, readFileSync } = require('node:fs');

const [broken = '0', ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files.filter((name) => existsSync(name))) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const suite of report.testResults) {
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      failed += 1;
      console.log('FAILED ' + suite.name + '\n  ' + suite.message);
    }
    for (const test of suite.assertionResults) if (test.status === 'failed') console.log('FAILED ' + test.fullName);
  }
}
if (failed === 0) failed = Number(broken);
if (passed === 0 && failed === 0) failed = 1;
console.log(passed + ' passed, ' + failed + ' failed');
process.exitCode = failed === 0 ? 0 : 1;
