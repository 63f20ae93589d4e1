package ingest

import "os"

// victimDir names, in the environment, the folder of the process that is killed.
const victimDir = "UPTAKE_TEST_VICTIM"

func runVictim() { os.Exit(2) }
