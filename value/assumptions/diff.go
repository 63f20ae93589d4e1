package assumptions

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Change is one difference between two versions. Before is empty where something came, After where it went.
type Change struct {
	Path   string `json:"path"` // "tools.wiki.minutes.consume"
	Words  string `json:"words"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Diff tells in words what b changes in a, in the order of paths. An amount is one thing: low, likely and high stand
// together, and so does what came or went as a whole.
func Diff(a, b *Document) []Change {
	return compare("", treeOf(a), treeOf(b), nil)
}

// treeOf is a document as JSON has it. It cannot fail: a document holds nothing that JSON does not.
func treeOf(d *Document) any {
	text, err := json.Marshal(d)
	if err != nil {
		panic(fmt.Sprintf("assumptions: %s", err))
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		panic(fmt.Sprintf("assumptions: %s", err))
	}
	return tree
}

func compare(path string, a, b any, changes []Change) []Change {
	objectA, isA := a.(map[string]any)
	objectB, isB := b.(map[string]any)
	if isA && isB {
		return compareObjects(path, objectA, objectB, changes)
	}
	listA, isA := a.([]any)
	listB, isB := b.([]any)
	if isA && isB {
		return compareLists(path, listA, listB, changes)
	}
	return told(path, a, b, changes)
}

func compareObjects(path string, a, b map[string]any, changes []Change) []Change {
	if _, amount := a["likely"]; amount && rangeWords(a) != rangeWords(b) {
		changes = append(changes, Change{path, fmt.Sprintf("%s was %s and is now %s", path, rangeWords(a), rangeWords(b)), rangeWords(a), rangeWords(b)})
	}
	names := maps.Clone(a)
	maps.Copy(names, b)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if slices.Contains([]string{"low", "likely", "high"}, name) {
			continue
		}
		changes = compare(join(path, name), a[name], b[name], changes)
	}
	return changes
}

// compareLists pairs the lines of two lists by their names, so that a line put first does not change all that follow;
// lines without a name, or with the same one, are paired by their place among those of that name.
func compareLists(path string, a, b []any, changes []Change) []Change {
	before, after := named(a), named(b)
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		changes = compare(join(path, "["+name+"]"), before[name], after[name], changes)
	}
	return changes
}

func named(list []any) map[string]any {
	lines, times := make(map[string]any, len(list)), map[string]int{}
	for _, one := range list {
		object, _ := one.(map[string]any)
		name, _ := object["name"].(string)
		if name == "" { // an exchange rate
			name = fmt.Sprintf("%v → %v, %v", object["from"], object["to"], object["date"])
		}
		if times[name]++; times[name] > 1 {
			name = fmt.Sprintf("%s, %d", name, times[name])
		}
		lines[name] = one
	}
	return lines
}

// told puts two values that are not both objects or both lists into words.
func told(path string, a, b any, changes []Change) []Change {
	before, after := words(a), words(b)
	switch {
	case before == after:
		return changes
	case a == nil:
		return append(changes, Change{path, fmt.Sprintf("%s is new: %s", path, after), "", after})
	case b == nil:
		return append(changes, Change{path, fmt.Sprintf("%s is gone; it was %s", path, before), before, ""})
	}
	return append(changes, Change{path, fmt.Sprintf("%s was %s and is now %s", path, before, after), before, after})
}

// words is a value as a person reads it.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case float64:
		return number(v)
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = words(one)
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		return objectWords(v)
	}
	return fmt.Sprint(v)
}

func objectWords(v map[string]any) string {
	if _, amount := v["likely"]; amount {
		return fmt.Sprintf("%s %v (%v, %v)", rangeWords(v), v["unit"], v["source"], v["grade"])
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, name+" "+words(v[name]))
	}
	return strings.Join(parts, ", ")
}

// rangeWords is 0.25 / 0.5 / 0.75, or one number where there is no doubt.
func rangeWords(v map[string]any) string {
	low, likely, high := words(v["low"]), words(v["likely"]), words(v["high"])
	if low == high {
		return likely
	}
	return low + " / " + likely + " / " + high
}
