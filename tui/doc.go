// Package tui is the IDE. App is the only tea.Model; panes are concrete types
// in packages of their own. It never writes text to the terminal that has not
// passed screen.Clean.
//
//	message ─▶ global? ─▶ dialog? ─▶ focused pane ─▶ intent ─▶ App acts ─▶ command
//	                                                                        │
//	   View joins the panes' kept lines ◀── dirty panes are drawn ◀── answer message
package tui
