// Package cash reckons what a course of payments is worth: present values, return and payback, and how doubtful inputs
// make the result doubtful. It knows nothing of tools or units, and nothing here reads or stores anything.
package cash
