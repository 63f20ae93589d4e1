package refresh

import (
	"encoding/binary"
	"fmt"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// Where the store has very many small things to say, it says them as one text, of numbers of fixed widths, lowest byte
// first: the driver hands values over one by one, ten times as slow. What follows reads them.

// How many bytes each takes.
const (
	spanWidth  = 8 + 2 + 2
	beganWidth = 8 + 2
	actWidth   = 2 + 1 + 1 + 8 + 8
	didWidth   = 2 + 1 + 1
)

var number = binary.LittleEndian

// decode reads the things that a text consists of into a list, in place of what it held.
func decode[T any](into *[]T, text []byte, width int, one func([]byte) T) error {
	if len(text)%width != 0 {
		return fmt.Errorf("things of %d bytes in a text of %d", width, len(text))
	}
	*into = (*into)[:0]
	for ; len(text) > 0; text = text[width:] {
		*into = append(*into, one(text))
	}
	return nil
}

func date(b []byte) adoption.Day { return adoption.Day(number.Uint16(b)) }

func readSpan(b []byte) span { return span{number.Uint64(b), date(b[8:]), date(b[10:])} }

func readAct(b []byte) tally.Act {
	return tally.Act{Tool: number.Uint16(b), Offset: b[2], Responded: b[3] != 0, Contributed: number.Uint64(b[4:]), Done: number.Uint64(b[12:])}
}

func readDid(b []byte) tally.Did { return tally.Did{Tool: number.Uint16(b), Week: b[2], Done: b[3]} }

func readBegan(b []byte) began { return began{number.Uint64(b), date(b[8:])} }
