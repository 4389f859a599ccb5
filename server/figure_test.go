package server

import (
	"net/http"
	"testing"
)

func TestSomebodyLeavesTheFiguresAndComesBack(t *testing.T) {
	f := newFront(t, nil)
	anna, bruno := f.as("anna"), f.as("bruno")
	const left = "You are not counted"
	anna.get("/account").has(http.StatusOK, "Leave the figures").hasNot(left)
	anna.post("/account/figures", fields()).leads("/account?done=figures#figures")
	anna.get("/account").has(http.StatusOK, left, "Count me again")
	bruno.get("/account").has(http.StatusOK).hasNot(left)
	anna.post("/account/figures", fields("counted", "true")).leads("/account?done=figures#figures")
	anna.get("/account").has(http.StatusOK).hasNot(left)
	f.nobody().post("/account/figures", fields()).has(http.StatusUnauthorized)
}
