# Error pages and errors in forms
error-summary = { $count ->
    [one] There is a problem
   *[other] There are { $count } problems
}
error-next = What you can do now
error-id = Reference for the help desk: { $id }
error-safe-saved = What you have already saved stays saved.
error-safe-nothing-sent = Nothing was sent and nothing was changed.
error-400-title = We could not read the request
error-400-what = Your browser sent something that we do not understand.
error-400-next = Go back one page and try again.
error-403-title = This page is not open to you
error-403-what = You are signed in, but this page is not part of your tasks.
error-403-next = Sign in with another account or go to the start page.
error-404-title = This page does not exist
error-404-what = The address is wrong, the page was removed, or it belongs to another account.
error-404-next = Check the address or search from the start page.
error-409-title = Your application has changed in the meantime
error-409-what = You changed the application in another window or on another device. The newer version counts.
error-409-next = Open the application from your account and continue there.
error-410-title = This draft no longer exists
error-410-what = The draft has expired.
error-410-safe = We have deleted your answers. Applications that you have sent are not affected.
error-410-next = Start the application again.
error-429-title = Too many requests
error-429-what = A very large number of requests has just come from your connection.
error-429-next = Wait a minute and try again.
error-500-title = Something went wrong here
error-500-what = The fault is ours, not yours.
error-500-next = Try again in a few minutes. If it still does not work, tell the help desk the reference.
error-503-title = This does not work right now
error-503-what = A part of the system does not answer. We are working on it.
error-503-next = Try again in a few minutes.
error-stale-title = The form is no longer valid
error-stale-what = Your session has ended, or the form did not come from this website.
error-stale-next = Sign in again and open the page once more.
error-level-title = You need the online ID for this
error-level-what = For this step we have to know for certain who you are. The way you signed in is not enough.
error-level-next = Sign in with the online ID. Without it you can apply on paper.
