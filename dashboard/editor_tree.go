package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// A form of assumptions names its fields by JSON pointers into the document ("/tools/chat/minutes/contribute/low"). What it
// holds is put into the document's JSON, and the document is then read anew, so that a form is refused for what a document
// would be refused for, and with the same reasons.

// pointer joins the steps to a field; escaped as RFC 6901 has it.
func pointer(steps ...string) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(s))
	}
	return b.String()
}

func stepsOf(pointer string) []string {
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, s := range steps {
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
	}
	return steps
}

// treeOf is a document as JSON has it, its numbers as they are written.
func treeOf(doc *assumptions.Document) (map[string]any, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write assumptions: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree map[string]any
	return tree, decoder.Decode(&tree)
}

// formed is the document that a form makes of one, as JSON. An amount that the form changes was set today.
func formed(doc *assumptions.Document, form url.Values, today adoption.Day) (json.RawMessage, error) {
	tree, err := treeOf(doc)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range form {
		if strings.HasPrefix(name, "/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		steps := stepsOf(name)
		if n := len(steps); n > 3 && isLine(steps) && !wanted(form, steps) || isExchange(steps) && !wantedExchange(form, steps) {
			continue // the empty line below the others
		}
		put(tree, steps, form.Get(name), today)
	}
	for _, gone := range slices.Backward(slices.Sorted(slices.Values(form["remove"]))) {
		remove(tree, stepsOf(gone))
	}
	return json.Marshal(tree)
}

// isLine tells whether steps lead into a line of costs or benefits of a tool.
func isLine(steps []string) bool {
	return steps[0] == "tools" && (steps[2] == "costs" || steps[2] == "benefits")
}

// wanted tells whether a line of a form says anything.
func wanted(form url.Values, steps []string) bool {
	line := pointer(steps[:4]...)
	return form.Get(line+"/name") != "" || form.Get(line+"/amount/likely") != ""
}

// isExchange tells whether steps lead into an exchange rate.
func isExchange(steps []string) bool { return len(steps) == 3 && steps[0] == "exchange" }

// wantedExchange tells whether a rate of a form says anything: the day and the company's currency stand there already.
func wantedExchange(form url.Values, steps []string) bool {
	rate := pointer(steps[:2]...)
	for _, field := range []string{"from", "rate", "source", "owner"} {
		if strings.TrimSpace(form.Get(rate+"/"+field)) != "" {
			return true
		}
	}
	return false
}

// optional are the fields of a line that are left out where they are empty.
var optional = []string{"for_unit", "from", "to", "renewal", "notice", "currency"}

// put writes a field. A path that leads nowhere changes nothing; one into a line that is not there yet begins it.
func put(at any, steps []string, text string, today adoption.Day) {
	text = strings.TrimSpace(text)
	object, ok := at.(map[string]any)
	if !ok {
		return
	}
	name := steps[0]
	if len(steps) == 1 {
		set(object, name, text, today)
		return
	}
	if list, isList := object[name].([]any); isList || name == "costs" || name == "benefits" || name == "exchange" {
		i, err := strconv.Atoi(steps[1])
		if err != nil || i < 0 || i > len(list) || len(steps) < 3 {
			return
		}
		if i == len(list) {
			fresh := map[string]any{}
			if name != "exchange" {
				fresh["amount"] = map[string]any{"set": today.String()}
			}
			list = append(list, fresh)
			object[name] = list
		}
		put(list[i], steps[2:], text, today)
		return
	}
	put(object[name], steps[1:], text, today)
}

func set(object map[string]any, name, text string, today adoption.Day) {
	var value any = text
	switch {
	case name == "low" || name == "likely" || name == "high" || name == "horizon_months" || name == "rate":
		// What JSON has no number for (NaN) stays a text, and is refused as one.
		if v, err := strconv.ParseFloat(text, 64); err == nil && v-v == 0 {
			value = json.Number(number(v))
		}
	case name == "time_counted":
		value = text == "yes"
	case text == "" && slices.Contains(optional, name):
		delete(object, name)
		return
	}
	if before, there := object[name]; there && same(before, value) {
		return
	}
	object[name] = value
	if _, amount := object["set"]; amount {
		object["set"] = today.String()
	}
}

// same tells whether two values say the same: 0.50 is 0.5.
func same(a, b any) bool {
	x, isNumber := a.(json.Number)
	y, both := b.(json.Number)
	if !isNumber || !both {
		return reflect.DeepEqual(a, b)
	}
	v, err := x.Float64()
	w, err2 := y.Float64()
	return err == nil && err2 == nil && v == w
}

// remove takes a line out of its list.
func remove(at any, steps []string) {
	for len(steps) > 2 {
		object, ok := at.(map[string]any)
		if !ok {
			return
		}
		at, steps = object[steps[0]], steps[1:]
	}
	object, ok := at.(map[string]any)
	if !ok || len(steps) < 2 {
		return
	}
	list, ok := object[steps[0]].([]any)
	i, err := strconv.Atoi(steps[1])
	if ok && err == nil && i >= 0 && i < len(list) {
		object[steps[0]] = slices.Delete(list, i, i+1)
	}
}

// merged is theirs with what mine changed in base: of what both changed, mine. A list counts as one thing, and so does a
// range.
func merged(base, mine, theirs *assumptions.Document) (json.RawMessage, error) {
	var trees [3]map[string]any
	for i, doc := range []*assumptions.Document{base, mine, theirs} {
		tree, err := treeOf(doc)
		if err != nil {
			return nil, err
		}
		trees[i] = tree
	}
	return json.Marshal(mergedValue(trees[0], trees[1], trees[2]))
}

func mergedValue(base, mine, theirs any) any {
	b, isB := base.(map[string]any)
	m, isM := mine.(map[string]any)
	t, isT := theirs.(map[string]any)
	if !isB || !isM || !isT {
		if reflect.DeepEqual(base, mine) {
			return theirs
		}
		return mine
	}
	out := map[string]any{}
	for _, names := range []map[string]any{b, m, t} {
		for name := range names {
			if v := mergedValue(b[name], m[name], t[name]); v != nil {
				out[name] = v
			}
		}
	}
	whole(out, b, m)
	return out
}

// whole keeps the three numbers of an amount together, and the day they were set: of two ranges half and half, the high end might lie below the low one.
func whole(out, base, mine map[string]any) {
	ends := []string{"low", "likely", "high"}
	if slices.ContainsFunc(ends, func(end string) bool { return !reflect.DeepEqual(base[end], mine[end]) }) {
		for _, kept := range append(ends, "set") {
			if v, there := mine[kept]; there {
				out[kept] = v
			}
		}
	}
}
